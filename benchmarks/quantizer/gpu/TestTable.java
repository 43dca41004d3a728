import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes by name and prints a line a test; exit status 1 when one failed or was not run. */
public final class TestTable implements TestExecutionListener {
    private long begun;
    private int bad;
    private int good;

    public static void main(String[] classes) {
        TestTable table = new TestTable();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                .build();
        LauncherFactory.create().execute(request, table);
        System.out.printf("%d passed, %d failed or not run%n", table.good, table.bad);
        System.exit(table.bad > 0 || table.good == 0 ? 1 : 0);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        begun = System.nanoTime();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (!test.isTest() && passed) {
            return;
        }
        good += passed ? 1 : 0;
        bad += passed ? 0 : 1;
        System.out.printf("%-10s %6.2f s  %s%n", result.getStatus(), (System.nanoTime() - begun) / 1e9, test.getDisplayName());
        result.getThrowable().ifPresent(cause -> {
            System.out.println("    " + cause.toString().lines().limit(6).reduce((a, b) -> a + "\n    " + b).orElse(""));
            Arrays.stream(cause.getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith("dev.fewbit"))
                    .limit(6)
                    .forEach(frame -> System.out.println("      at " + frame));
        });
    }
}
