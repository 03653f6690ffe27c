"""Prepares and trains every night at 1:15.

Exit codes of spark-submit are not to be trusted everywhere, and 75 (stopped, can be taken up) is none to
worry about: the last task reads result.json and decides.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

HOME = "/opt/gridscape"
RUNS = "/opt/gridscape/runs"
RUN_ID = "photos"

DATA = [
    "--config", f"{HOME}/conf/emoji64.conf",
    "--set", "data.source=/shared/photos.zip",
    "--set", "data.target=/shared/prepared/photos",
    "--set", "data.shards=8",
    "--set", "training.batch=128",
]

SPARK = {
    "conn_id": "spark_default",
    "application": f"{HOME}/lib/application/gridscape-jobs.jar",
    "java_class": "org.gridscape.jobs.Gridscape",
    "num_executors": 8,
    "executor_cores": 1,
    "executor_memory": "4g",
    "driver_memory": "2g",
    "conf": {
        "spark.executor.instances": "8",
        "spark.executor.memoryOverhead": "2g",
        "spark.driver.extraJavaOptions": "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "spark.dynamicAllocation.enabled": "false",
        "spark.broadcast.compress": "false",
    },
}


def read_result(dag_run):
    """Fails unless the run is complete, or was stopped tonight and can be taken up."""
    path = Path(RUNS) / RUN_ID / "result.json"
    result = json.loads(path.read_text())
    status = result["status"]
    of_tonight = path.stat().st_mtime >= dag_run.start_date.timestamp()
    if status == "complete" or (status == "stopped" and of_tonight):
        return status
    raise RuntimeError(f"{path}: {status}, {result.get('error', 'not of tonight')}")


with DAG(
    dag_id="gridscape_photos",
    schedule="15 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
):
    prepare = SparkSubmitOperator(
        task_id="prepare",
        application_args=["prepare", *DATA],
        **SPARK,
    )
    train = SparkSubmitOperator(
        task_id="train",
        application_args=["train", *DATA, "--runs", RUNS, "--run-id", RUN_ID, "--max-wall-time", "6h"],
        retries=0,
        **SPARK,
    )
    result = PythonOperator(
        task_id="result",
        python_callable=read_result,
        trigger_rule="all_done",
        retries=0,
    )
    prepare >> train >> result
