package ai.j1msky.worker;

import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts a worker process. Its HTTP port serves only its management: health and metrics.
@SpringBootApplication(
        proxyBeanMethods = false,
        exclude = {
            // The worker has its own Kafka clients and one Redis connection.
            KafkaAutoConfiguration.class,
            KafkaMetricsAutoConfiguration.class,
            DataRedisRepositoriesAutoConfiguration.class,
            DataRedisReactiveAutoConfiguration.class,
            // A worker without Redis waits; it is not broken.
            DataRedisHealthContributorAutoConfiguration.class,
            DataRedisReactiveHealthContributorAutoConfiguration.class
        })
@ConfigurationPropertiesScan
public class WorkerMain {

    private static final Logger log = LoggerFactory.getLogger(WorkerMain.class);

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(WorkerMain.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setRegisterShutdownHook(false);
        try {
            closeAtExit(application.run(arguments));
        } catch (RuntimeException failed) {
            List<String> sentences = sentencesOf(failed);
            if (sentences.isEmpty()) {
                log.atError().setCause(failed).log("worker cannot start");
            }
            PrintStream errors = System.err;
            sentences.forEach(errors::println);
            System.exit(1);
        }
    }

    /// A drained worker has ended as it was told to: the process says so with 0, not with the signal's number.
    private static void closeAtExit(ConfigurableApplicationContext context) {
        Thread drain =
                new Thread(
                        () -> {
                            context.close();
                            Runtime.getRuntime().halt(0);
                        },
                        "drain");
        Runtime.getRuntime().addShutdownHook(drain);
    }

    private static List<String> sentencesOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartException start) {
                return start.sentences();
            }
            if (cause instanceof BindException bind && bind.getCause() != null) {
                return List.of("Wrong setting: " + bind.getCause().getMessage());
            }
        }
        return List.of();
    }
}
