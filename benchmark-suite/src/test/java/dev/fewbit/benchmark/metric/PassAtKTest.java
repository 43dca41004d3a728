package dev.fewbit.benchmark.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassAtKTest {

    /** Expected values by hand from 1 - C(n-c, k) / C(n, k), as fractions. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0, 1",
        "1, 1, 1, 1, 1",
        "3, 1, 1, 1, 3",
        "3, 1, 2, 2, 3",
        "3, 1, 3, 1, 1",
        "5, 2, 2, 7, 10",
        "5, 3, 3, 1, 1",
        "10, 3, 5, 11, 12",
        "20, 1, 10, 1, 2",
        "20, 19, 1, 19, 20",
        "200, 0, 100, 0, 1",
    })
    void shouldEqualTheFractionWhenComputedByHand(int n, int c, int k, int numerator, int denominator) {
        // When
        double estimate = PassAtK.estimate(n, c, k);

        // Then
        assertThat(estimate).isEqualTo((double) numerator / denominator, within(1e-15));
    }

    @Test
    void shouldAgreeWithExactBinomialsWhenNumbersAreLarge() {
        // Given
        BigDecimal exact = BigDecimal.ONE.subtract(new BigDecimal(binomial(1000 - 37, 100))
                .divide(new BigDecimal(binomial(1000, 100)), MathContext.DECIMAL128));

        // When
        double estimate = PassAtK.estimate(1000, 37, 100);

        // Then
        assertThat(estimate).isEqualTo(exact.doubleValue(), within(1e-14));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "3, 4, 1", "3, -1, 1", "3, 1, 0", "3, 1, 4"})
    void shouldRefuseWhenNumbersDoNotFit(int n, int c, int k) {
        // When, Then
        assertThatThrownBy(() -> PassAtK.estimate(n, c, k))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("n is " + n + ", c is " + c + ", k is " + k
                        + "; allowed: n at least 1, c from 0 to n, k from 1 to n");
    }

    private static BigInteger binomial(int n, int k) {
        BigInteger result = BigInteger.ONE;
        for (int i = 1; i <= k; i++) {
            result = result.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        return result;
    }
}
