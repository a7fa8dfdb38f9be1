package ai.j1msky.gateway;

import ai.j1msky.common.config.ConfigException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// Starts the gateway.
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
public class GatewayMain {

    public static void main(String[] arguments) {
        try {
            SpringApplication.run(GatewayMain.class, arguments);
        } catch (RuntimeException failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof ConfigException wrong) {
                    wrong.mistakes().forEach(System.err::println);
                    System.exit(1);
                }
            }
            throw failure;
        }
    }
}
