package dev.fewbit.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Environment keys that a service knows: those of its {@code @ConfigMapping} and the few of Quarkus that deployments set. */
final class ServiceSettings {
    private static final String CONFIG_MAPPING = "io.smallrye.config.ConfigMapping";
    private static final Set<String> COMMON =
            Set.of("QUARKUS_HTTP_HOST", "QUARKUS_HTTP_PORT", "KAFKA_BOOTSTRAP_SERVERS", "LANG");
    private static final Set<String> DATABASE =
            Set.of("QUARKUS_DATASOURCE_JDBC_URL", "QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD");
    /** Of the tokenizer library. */
    private static final Set<String> TOKENIZER = Set.of("RUST_FLAVOR", "DJL_OFFLINE", "DJL_CACHE_DIR");

    private ServiceSettings() {}

    static Set<String> of(Module service) {
        Set<String> keys = new TreeSet<>(COMMON);
        if (service != Module.SANDBOX) {
            keys.addAll(DATABASE);
        }
        if (service == Module.QUANTIZER || service == Module.EVALUATOR) {
            keys.addAll(TOKENIZER);
        }
        for (JavaClass type : service.classes()) {
            if (type.isAnnotatedWith(CONFIG_MAPPING)) {
                Object prefix =
                        type.getAnnotationOfType(CONFIG_MAPPING).get("prefix").orElseThrow();
                collect(type, environment(prefix.toString()), keys);
            }
        }
        return keys;
    }

    private static void collect(JavaClass mapping, String prefix, Set<String> keys) {
        for (JavaMethod method : mapping.getMethods()) {
            if (!method.getModifiers().contains(JavaModifier.ABSTRACT)) {
                continue;
            }
            String key = prefix + "_" + environment(method.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-"));
            JavaClass type = method.getRawReturnType();
            if (type.isInterface() && type.getPackageName().startsWith("dev.fewbit")) {
                collect(type, key, keys);
            } else {
                keys.add(key);
            }
        }
    }

    /** A property's name as MicroProfile Config looks for it in the environment. */
    private static String environment(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
