using Monolith.Cli.Output;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class FormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.2, "under 1 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(61.0, "1 min 1 s")]
    [InlineData(7260.0, "2 h 1 min")]
    public void Duration_has_at_most_two_units(double? seconds, string text) => Format.Duration(seconds).ShouldBe(text);

    [Theory, InlineData(0.0, "0 s"), InlineData(0.5, "under 1 s"), InlineData(null, "–")]
    public void Lag_of_zero_is_zero_seconds(double? seconds, string text) => Format.Lag(seconds).ShouldBe(text);

    [Theory, InlineData(0.0, "0 %"), InlineData(0.999, "99 %"), InlineData(1.0, "100 %")]
    public void Percent_is_rounded_down(double fraction, string text) => Format.Percent(fraction).ShouldBe(text);

    [Theory, InlineData(1, "1 event"), InlineData(0, "0 events"), InlineData(1234567, "1,234,567 events")]
    public void Count_has_the_noun_in_singular_or_plural(long number, string text) => Format.Of(number, "event").ShouldBe(text);

    [Fact]
    public void Times_are_UTC() =>
        Format.ExactTime(new DateTimeOffset(2026, 1, 31, 10, 30, 0, 125, TimeSpan.FromHours(1)))
            .ShouldBe("2026-01-31 09:30:00.125Z");
}
