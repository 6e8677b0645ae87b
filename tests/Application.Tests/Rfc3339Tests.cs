using System.Globalization;
using Monolith.BuildingBlocks.Application;
using Monolith.Testing;

namespace Monolith.Application.Tests;

[Trait("Category", "Unit")]
public sealed class Rfc3339Tests
{
    private const int Rounds = 10_000;
    private const string Microseconds = "yyyy-MM-dd'T'HH:mm:ss.ffffff";

    [Theory]
    [InlineData("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000000")]
    [InlineData("2026-01-31t09:30:00z", "2026-01-31T09:30:00.000000")]
    [InlineData("2026-01-31T09:30:00.1Z", "2026-01-31T09:30:00.100000")]
    [InlineData("2026-01-31T09:30:00.123456Z", "2026-01-31T09:30:00.123456")]
    [InlineData("2026-01-31T09:30:00.1234567Z", "2026-01-31T09:30:00.123456")]
    [InlineData("2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123456")]
    [InlineData("2026-01-31T09:30:00.999999999Z", "2026-01-31T09:30:00.999999")]
    [InlineData("2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00.000000")]
    [InlineData("2026-01-31T09:30:00.5-05:30", "2026-01-31T15:00:00.500000")]
    [InlineData("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000000")]
    [InlineData("2026-01-31T09:30:00+23:59", "2026-01-30T09:31:00.000000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000")]
    [InlineData("2016-12-31T23:59:60.75Z", "2017-01-01T00:00:00.000000")]
    [InlineData("2017-01-01T08:59:60+09:00", "2017-01-01T00:00:00.000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999")]
    public void Time_is_read(string text, string utc)
    {
        Rfc3339.TryParse(text, out var time).ShouldBeTrue();

        time.Offset.ShouldBe(TimeSpan.Zero);
        time.ToString(Microseconds, CultureInfo.InvariantCulture).ShouldBe(utc);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("2026-01-31T09:30Z")]
    [InlineData("2026-01-31 09:30:00Z")]
    [InlineData("2026-01-31T09:30:00.Z")]
    [InlineData("2026-01-31T09:30:00,5Z")]
    [InlineData("2026-01-31T09:30:00.1234567890Z")]
    [InlineData("2026-01-31T09:30:00 02:00")]
    [InlineData("2026-01-31T09:30:00+0200")]
    [InlineData("2026-01-31T09:30:00+02")]
    [InlineData("2026-01-31T09:30:00+24:00")]
    [InlineData("2026-01-31T09:30:00+02:60")]
    [InlineData("2026-01-31T09:30:00ZZ")]
    [InlineData("2026-01-31T09:30:00Z\0")]
    [InlineData("2026-02-29T09:30:00Z")]
    [InlineData("2026-13-01T09:30:00Z")]
    [InlineData("2026-00-01T09:30:00Z")]
    [InlineData("2026-01-00T09:30:00Z")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T09:60:00Z")]
    [InlineData("2026-01-31T09:30:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2016-12-30T23:59:60Z")]
    [InlineData("2016-12-31T23:59:61Z")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("+2026-01-31T09:30:00Z")]
    [InlineData("-0001-01-31T09:30:00Z")]
    [InlineData("٢٠٢٦-01-31T09:30:00Z")]
    [InlineData("1769852000")]
    public void Invalid_time_is_refused(string? text) => Rfc3339.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Random_times_round_trip()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var ticks = random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay);
            var time = new DateTimeOffset(ticks, TimeSpan.Zero);
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            var digits = random.Next(10);
            var fraction = $"{time.Ticks % TimeSpan.TicksPerSecond:0000000}{random.Next(100):00}"[..digits];
            var sign = offset < TimeSpan.Zero ? "-" : "+";
            var text = $"{time.ToOffset(offset):yyyy-MM-dd'T'HH:mm:ss}{(digits == 0 ? "" : ".")}{fraction}{sign}{offset:hh\\:mm}";
            var microseconds = int.Parse(fraction.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            var expected = time.AddTicks(-(ticks % TimeSpan.TicksPerSecond)).AddMicroseconds(microseconds);

            Rfc3339.TryParse(text, out var read).ShouldBeTrue($"{text}, {TestSeed.Shown(seed)}");
            read.ShouldBe(expected, $"{text}, {TestSeed.Shown(seed)}");
        }
    }
}
