"""Runs a DAG file without Airflow; prints what it asks of it and how it judges results, as JSON."""

import json
import runpy
import sys
import tempfile
import types
from datetime import datetime, timedelta
from pathlib import Path

operators = []
dags = []


class DAG:
    def __init__(self, dag_id, schedule, start_date, catchup, max_active_runs, default_args):
        dags.append({"schedule": schedule, "max_active_runs": max_active_runs})

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return None


class Operator:
    def __rshift__(self, other):
        other.after = self.task_id
        return other

    def __init__(self, task_id, **arguments):
        self.task_id = task_id
        operators.append(self)
        self.arguments = arguments
        self.after = None


class PythonOperator(Operator):
    def __init__(self, task_id, python_callable, trigger_rule, retries):
        super().__init__(task_id, trigger_rule=trigger_rule)


class SparkSubmitOperator(Operator):
    def __init__(
        self, task_id, application_args, conn_id, application, java_class, num_executors,
        executor_cores, executor_memory, driver_memory, conf, retries=1,
    ):
        super().__init__(task_id, application_args=application_args, java_class=java_class, conf=conf)


for name, members in {
    "airflow": {"DAG": DAG},
    "airflow.operators": {},
    "airflow.operators.python": {"PythonOperator": PythonOperator},
    "airflow.providers": {},
    "airflow.providers.apache": {},
    "airflow.providers.apache.spark": {},
    "airflow.providers.apache.spark.operators": {},
    "airflow.providers.apache.spark.operators.spark_submit": {
        "SparkSubmitOperator": SparkSubmitOperator
    },
}.items():
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module

dag = runpy.run_path(sys.argv[1])


def verdict(result, started):
    """What the last task says of a result.json that is written now."""
    with tempfile.TemporaryDirectory() as runs:
        run = Path(runs) / dag["RUN_ID"]
        run.mkdir()
        (run / "result.json").write_text(json.dumps(result))
        read_result = dag["read_result"]
        read_result.__globals__["RUNS"] = runs
        try:
            return read_result(types.SimpleNamespace(start_date=started))
        except RuntimeError as e:
            return str(e).rsplit("result.json: ", 1)[1]


before = datetime.now() - timedelta(hours=1)
later = datetime.now() + timedelta(hours=1)
print(
    json.dumps(
        {
            "dag": dags,
            "tasks": [
                {"id": task.task_id, "after": task.after, **task.arguments} for task in operators
            ],
            "verdicts": [
                verdict({"status": "complete"}, later),
                verdict({"status": "stopped"}, before),
                verdict({"status": "stopped"}, later),
                verdict({"status": "failed", "error": "no executors"}, before),
            ],
        }
    )
)
