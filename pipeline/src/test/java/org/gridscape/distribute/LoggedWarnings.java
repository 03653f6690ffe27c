package org.gridscape.distribute;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** The warnings that a class logs between construction and closing. */
public final class LoggedWarnings extends AbstractAppender implements AutoCloseable {
  private final List<String> messages = new ArrayList<>();
  private final Logger logger;
  private final Level before;

  /** Begins to listen. */
  public LoggedWarnings(Class<?> source) {
    super("warnings", null, null, true, Property.EMPTY_ARRAY);
    logger = (Logger) LogManager.getLogger(source);
    before = logger.getLevel();
    start();
    Configurator.setLevel(source, Level.WARN);
    logger.addAppender(this);
  }

  @Override
  public void append(LogEvent event) {
    if (Level.WARN.equals(event.getLevel())) {
      messages.add(event.getMessage().getFormattedMessage());
    }
  }

  /** So far. */
  public List<String> messages() {
    return messages;
  }

  @Override
  public void close() {
    logger.removeAppender(this);
    Configurator.setLevel(logger.getName(), before);
    stop();
  }
}
