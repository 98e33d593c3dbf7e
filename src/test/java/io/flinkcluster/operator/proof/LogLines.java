package io.flinkcluster.operator.proof;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Looks for a text in all that this process logs, stack traces included. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final String wanted;
  private final Queue<String> found = new ConcurrentLinkedQueue<>();
  private final AtomicLong lines = new AtomicLong();

  private LogLines(String wanted) {
    this.wanted = wanted;
  }

  static LogLines with(String wanted) {
    var all = new LogLines(wanted);
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    all.setContext(root.getLoggerContext());
    all.start();
    root.addAppender(all);
    return all;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.incrementAndGet();
    String trace =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    String line = event.getFormattedMessage() + "\n" + trace;
    if (line.contains(wanted)) {
      found.add(line);
    }
  }

  /** Where it stands. */
  List<String> found() {
    return List.copyOf(found);
  }

  /** How many lines there were. */
  long lines() {
    return lines.get();
  }

  @Override
  public void close() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(this);
    stop();
  }
}
