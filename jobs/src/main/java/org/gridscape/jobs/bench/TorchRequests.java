package org.gridscape.jobs.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.gridscape.config.RunConfig;
import org.gridscape.energy.Activation;
import org.gridscape.energy.GridNetwork;
import org.gridscape.langevin.LangevinSettings;
import org.gridscape.learning.GradientClip;
import org.gridscape.learning.Optimizer;

/** Cases in the words of {@code langevin_torch.py}. */
final class TorchRequests {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TorchRequests() {}

  static ObjectNode chain(ChainCase chains) {
    ObjectNode request = JSON.objectNode();
    request.put("do", "chain");
    request.set("network", network(chains.network()));
    request.put("batch", chains.images());
    request.set("settings", settings(chains.settings()));
    return request;
  }

  static ObjectNode iteration(RunConfig config) {
    ObjectNode request = JSON.objectNode();
    request.put("do", "iteration");
    ArrayNode networks = request.putArray("networks");
    config.networks().forEach(network -> networks.add(network(network)));
    request.put("batch", config.batch());
    request.set("settings", settings(config.learning().langevin()));
    request.put("dataNoise", config.learning().dataNoise());
    request.put("average", config.update().average().decay());
    if (config.update().clip() instanceof GradientClip.Largest largest) {
      request.put("clip", largest.bound());
    } else {
      request.putNull("clip");
    }
    request.set("learning", learning(config));
    return request;
  }

  private static ObjectNode learning(RunConfig config) {
    ObjectNode learning = JSON.objectNode();
    learning.put("rate", config.update().rate().at(1, config.update().iterations()));
    Optimizer optimizer = config.update().optimizer();
    if (optimizer instanceof Optimizer.Adam adam) {
      learning.put("method", "adam");
      learning.put("beta1", adam.beta1()).put("beta2", adam.beta2());
      learning.put("epsilon", adam.epsilon());
    } else if (optimizer instanceof Optimizer.Momentum momentum) {
      learning.put("method", "momentum").put("momentum", momentum.momentum());
    } else {
      throw new IllegalArgumentException(
          "Invalid optimiser: %s (must be adam or momentum to compare with PyTorch)"
              .formatted(optimizer));
    }
    return learning;
  }

  private static ObjectNode network(GridNetwork network) {
    ObjectNode node = JSON.objectNode();
    node.put("layers", network.spec().toString());
    node.put("channels", network.shape().channels());
    node.put("side", network.shape().side());
    node.put("activation", name(network.spec().activation()));
    node.put("batchNorm", network.spec().batchNorm());
    return node;
  }

  private static String name(Activation activation) {
    if (activation instanceof Activation.LeakyRelu leaky) {
      return String.format(Locale.ROOT, "leaky-relu(%s)", leaky.slope());
    }
    return activation instanceof Activation.Relu ? "relu" : "silu";
  }

  private static ObjectNode settings(LangevinSettings settings) {
    ObjectNode node = JSON.objectNode();
    node.put("steps", settings.steps());
    node.put("stepSize", settings.stepSize());
    node.put("noise", settings.noise());
    if (Float.isInfinite(settings.referenceDeviation())) {
      node.putNull("referenceDeviation");
    } else {
      node.put("referenceDeviation", settings.referenceDeviation());
    }
    node.put("low", settings.range().low());
    node.put("high", settings.range().high());
    return node;
  }
}
