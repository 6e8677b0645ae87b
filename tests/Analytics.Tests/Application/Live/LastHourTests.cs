using CsCheck;
using Monolith.Modules.Analytics.Application.Live;

namespace Monolith.Analytics.Tests.Application.Live;

[Trait("Category", "Unit")]
public sealed class LastHourTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 30, 15, TimeSpan.Zero);

    [Fact]
    public void Orders_are_counted_per_minute_and_currency()
    {
        var hour = new LastHour();
        hour.Add(Now, "EUR", 12.50m);
        hour.Add(Now.AddSeconds(44), "EUR", 0.01m);
        hour.Add(Now.AddSeconds(45), "EUR", 1m);
        hour.Add(Now, "JPY", 500m);

        hour.Since(0).ShouldBe([new(Minute(30), "EUR", 2, 12.51m), new(Minute(30), "JPY", 1, 500m), new(Minute(31), "EUR", 1, 1m)]);
    }

    [Fact]
    public void Since_returns_only_rows_changed_after_the_version()
    {
        var hour = new LastHour();
        hour.Add(Now, "EUR", 1m);
        hour.Add(Now, "USD", 1m);
        var seen = hour.Version;
        hour.Add(Now, "EUR", 2m);

        hour.Since(seen).ShouldBe([new(Minute(30), "EUR", 2, 3m)]);
        hour.Since(hour.Version).ShouldBeEmpty();
    }

    [Fact]
    public void Minutes_before_the_last_hour_are_removed_and_ignored()
    {
        var hour = new LastHour();
        hour.Add(Now.AddMinutes(-61), "EUR", 1m);
        hour.Add(Now.AddMinutes(-60), "EUR", 2m);
        hour.RemoveOld(Now);
        hour.Add(Now.AddMinutes(-61), "EUR", 4m);

        hour.Since(0).ShouldBe([new(Minute(30).AddHours(-1), "EUR", 1, 2m)]);
        hour.RemoveOld(Now.AddMinutes(1));
        hour.Since(0).ShouldBeEmpty();
    }

    [Fact]
    public void Merged_changes_equal_the_whole_hour() =>
        Gen.Select(Gen.Int[0, 70 * 60], Gen.Int[0, 2], Gen.Int[0, 100_000]).List[0, 200].Sample(orders =>
        {
            var (hour, client, seen) = (new LastHour(), new Dictionary<(DateTimeOffset, string), MinuteFigures>(), 0L);
            var expected = new Dictionary<(DateTimeOffset, string), (long, decimal)>();
            foreach (var (i, (second, currency, cents)) in orders.Index())
            {
                var (at, name, amount) = (Now.AddSeconds(-second), $"CU{currency}", cents / 100m);
                hour.Add(at, name, amount);
                var key = (new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, TimeSpan.Zero), name);
                var (count, sum) = expected.GetValueOrDefault(key);
                expected[key] = (count + 1, sum + amount);
                if (i % 3 != 0)
                    continue;
                Merge();
            }

            Merge();
            client.ToDictionary(row => row.Key, row => (row.Value.Orders, row.Value.Revenue)).ShouldBe(expected, ignoreOrder: true);

            void Merge()
            {
                foreach (var row in hour.Since(seen))
                    client[(row.Minute, row.Currency)] = row;
                seen = hour.Version;
            }
        });

    private static DateTimeOffset Minute(int minute) => new(2026, 1, 31, 12, minute, 0, TimeSpan.Zero);
}
