package dev.scopedcontext.spring.support;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** Shows the log of the starter in tests that read it, whatever applications of earlier tests have switched off. */
public final class LogOfTheStarter implements BeforeEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.scopedcontext", LogLevel.INFO);
    }
}
