using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using Monolith.BuildingBlocks.Web.Numbers;
using Monolith.Testing;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class ExactNumberTests
{
    private const int Rounds = 20_000;
    private const int MaxExponent = 40;
    private const int Digits = 34;

    private static readonly BigInteger MaxCoefficient = (BigInteger.One << 96) - 1;

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("12.500", "12.5")]
    [InlineData("1250e-2", "12.5")]
    [InlineData("0.125E+2", "12.5")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("1000000000000000000000000000000000000000e-39", "1")]
    public void Number_that_fits_is_read(string text, string expected)
    {
        ExactNumber.Read(Bytes(text), out var value).ShouldBeNull();

        value.ToString(CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Theory]
    [InlineData("1e-29")]
    [InlineData("1e-30")]
    [InlineData("1e-400")]
    [InlineData("1e-999999999999999999999")]
    [InlineData("0.12345678901234567890123456789")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1.00000000000000000000000000000001")]
    [InlineData("1e29")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e999999999999999999999")]
    public void Number_that_does_not_fit_is_refused(string text)
    {
        ExactNumber.Read(Bytes(text), out var value).ShouldNotBeNull();

        value.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e2")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,000")]
    [InlineData("٣")]
    public void Text_that_is_not_a_JSON_number_is_refused(string text) =>
        ExactNumber.Read(Bytes(text), out _).ShouldBe("Must be a number.");

    [Theory]
    [InlineData("2", 2)]
    [InlineData("2.0", 2)]
    [InlineData("2.000", 2)]
    [InlineData("2e0", 2)]
    [InlineData("20e-1", 2)]
    [InlineData("0.2E1", 2)]
    [InlineData("-0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("-3.0", -3)]
    [InlineData("1e4", 10_000)]
    public void Integer_is_read_by_its_value(string text, long expected)
    {
        ExactNumber.ReadWhole(Bytes(text), -10_000, 10_000, out var value).ShouldBeNull();

        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("2.5", "Must be a whole number.")]
    [InlineData("1e-400", "Must be a whole number.")]
    [InlineData("10001", "Is too large.")]
    [InlineData("1e400", "Is too large.")]
    [InlineData("9223372036854775808", "Is too large.")]
    [InlineData("-10001", "Must be at least -10000.")]
    [InlineData("2x", "Must be a number.")]
    public void Number_that_is_not_an_integer_in_range_is_refused(string text, string fault) =>
        ExactNumber.ReadWhole(Bytes(text), -10_000, 10_000, out _).ShouldBe(fault);

    [Fact]
    public void Long_keeps_its_bounds()
    {
        ExactNumber.ReadWhole("9223372036854775807", long.MinValue, long.MaxValue).ShouldBe(long.MaxValue);
        ExactNumber.ReadWhole("-9223372036854775808", long.MinValue, long.MaxValue).ShouldBe(long.MinValue);
        ExactNumber.ReadWhole("9223372036854775808", long.MinValue, long.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void Random_numbers_are_read_exactly_or_refused()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var (text, coefficient, exponent) = Number(random);
            var expected = Expected(coefficient, exponent);
            var fault = ExactNumber.Read(Bytes(text), out var value);

            (fault is null).ShouldBe(expected is not null, $"{text} {fault}, {TestSeed.Shown(seed)}");
            if (expected is not null)
                value.ShouldBe(expected.Value, $"{text}, {TestSeed.Shown(seed)}");
            read += fault is null ? 1 : 0;
        }

        read.ShouldBeInRange(Rounds / 10, Rounds * 9 / 10);
    }

    [Fact]
    public void Exponent_costs_no_time()
    {
        var longText = Bytes($"1{new string('0', 900_000)}e-{new string('9', 100_000)}");
        var watch = Stopwatch.StartNew();

        foreach (var text in (byte[][])[longText, Bytes("1e999999999"), Bytes("1e-999999999"), Bytes($"{new string('9', 900_000)}")])
            ExactNumber.Read(text, out _).ShouldNotBeNull();

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static (string Text, BigInteger Coefficient, int Exponent) Number(Random random)
    {
        var digits = DigitsOf(random).TrimStart('0') is { Length: > 0 } plain ? plain : "0";
        var fraction = random.Next(2) == 0 ? "" : DigitsOf(random);
        var exponent = random.Next(-MaxExponent, MaxExponent);
        var sign = random.Next(2) == 0 ? "-" : "";
        var plus = exponent > 0 && random.Next(2) == 0 ? "+" : "";
        var text = $"{sign}{digits}{(fraction.Length > 0 ? "." : "")}{fraction}{(exponent == 0 ? "" : $"e{plus}{exponent}")}";
        return (text, BigInteger.Parse(sign + digits + fraction, CultureInfo.InvariantCulture), exponent - fraction.Length);
    }

    private static string DigitsOf(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, Digits)).Select(_ => random.Next(3) == 0 ? 0 : random.Next(10)));

    private static decimal? Expected(BigInteger coefficient, int exponent)
    {
        while (!coefficient.IsZero && coefficient % 10 == 0)
            (coefficient, exponent) = (coefficient / 10, exponent + 1);
        if (coefficient.IsZero)
            return 0;
        var whole = exponent > 0 ? coefficient * BigInteger.Pow(10, exponent) : coefficient;
        if (BigInteger.Abs(whole) > MaxCoefficient || exponent < -28)
            return null;
        var value = (decimal)whole;
        for (var power = exponent; power < 0; power++)
            value /= 10;
        return value;
    }
}
