using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Monolith.Host.Logging;

namespace Monolith.Host.Tests.Unit.Logging;

[Trait("Category", "Unit")]
public sealed class RepeatLimitTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingFactory written = new();
    private readonly RepeatLimitedLoggerFactory factory;
    private readonly ILogger logger;

    public RepeatLimitTests()
    {
        factory = new RepeatLimitedLoggerFactory(written, clock);
        logger = factory.CreateLogger("Relay");
    }

    public void Dispose() => factory.Dispose();

    [Fact]
    public void First_warning_is_written_at_once_unchanged()
    {
        var exception = new InvalidOperationException("away");

        Log.Ended(logger, exception, "customers", "no broker");

        var line = written.Lines.ShouldHaveSingleItem();
        (line.Category, line.Level, line.Text, line.Exception)
            .ShouldBe(("Relay", LogLevel.Warning, "The relay of customers ended: no broker", exception));
    }

    [Fact]
    public void Repeats_become_one_summary_a_minute()
    {
        Repeat(20);
        written.Lines.Count.ShouldBe(1);

        Pass(Minute);
        Repeat(5);
        Pass(Minute);

        written.Texts.ShouldBe(
        [
            "The relay of customers ended: no broker",
            "The relay of customers ended: no broker [19 more in 60 s, the last at 12:00:19Z]",
            "The relay of customers ended: no broker [5 more in 60 s, the last at 12:01:23Z]",
        ]);
        written.Lines.ShouldAllBe(line => line.Level == LogLevel.Warning && line.Category == "Relay");
    }

    [Fact]
    public void Summary_is_a_structured_line()
    {
        Repeat(3);
        Pass(Minute);

        written.Lines[^1].Values.Select(value => value.Key).ShouldBe(["Message", "Count", "Seconds", "Last", "{OriginalFormat}"]);
        written.Lines[^1].Values["Count"].ShouldBe(2);
    }

    [Fact]
    public void Cause_that_ended_is_written_at_once_when_it_returns()
    {
        Repeat(2);
        Pass(3 * Minute);
        written.Lines.Clear();

        Repeat(1);

        written.Texts.ShouldBe(["The relay of customers ended: no broker"]);
        Pass(3 * Minute);
        written.Lines.Count.ShouldBe(1, "no summary without repeats");
    }

    [Fact]
    public void Numbers_and_ids_do_not_make_another_cause()
    {
        for (var i = 0; i < 10; i++)
        {
            var exception = new TimeoutException($"127.0.0.1:{20_000 + i} took {i} ms");
            Log.Ended(logger, exception, "customers", $"offset {i} of [{i}] in {Guid.NewGuid()}");
        }

        written.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Distinct_causes_are_all_written()
    {
        Log.Ended(logger, null, "customers", "no broker");
        Log.Ended(logger, null, "orders", "no broker");
        Log.Ended(logger, null, "customers", "no disk");
        Log.Ended(logger, new TimeoutException("late"), "customers", "no broker");
        Log.Ended(logger, new InvalidOperationException("late"), "customers", "no broker");
        Log.Ended(logger, new InvalidOperationException("closed"), "customers", "no broker");
        Log.Ended(logger, new InvalidOperationException("closed", new TimeoutException("late")), "customers", "no broker");
        Log.Ended(factory.CreateLogger("Reader"), null, "customers", "no broker");
        Log.Failed(logger, "customers", "no broker");
        logger.LogWarning("The relay of {Log} ended: {Reason}!", "customers", "no broker");

        written.Lines.Count.ShouldBe(10);
    }

    [Fact]
    public void Same_exception_from_two_methods_is_two_causes()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Log.Ended(logger, Thrown(ThrowHere), "customers", "no broker");
            Log.Ended(logger, Thrown(ThrowThere), "customers", "no broker");
        }

        written.Lines.Count.ShouldBe(2);
    }

    private static InvalidOperationException Thrown(Action method) => Should.Throw<InvalidOperationException>(method);

    private static void ThrowHere() => throw new InvalidOperationException("a bug");

    private static void ThrowThere() => throw new InvalidOperationException("a bug");

    [Fact]
    public void Lines_below_a_warning_are_never_limited()
    {
        for (var i = 0; i < 100; i++)
            logger.LogInformation("The relay took a lease.");

        written.Lines.Count.ShouldBe(100);
    }

    [Fact]
    public void Levels_that_are_filtered_out_are_not_counted()
    {
        written.Least = LogLevel.Error;
        Repeat(10);

        Pass(Minute);

        written.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Causes_of_one_statement_are_bounded()
    {
        for (var i = 0; i < 1_000; i++)
            Log.Ended(logger, null, Letters(i), "no broker");

        written.Lines.Count.ShouldBe(RepeatLimit.MaxCausesOfSource + 1);
        Pass(Minute);
        written.Texts[^1].ShouldContain($"[{1_000 - RepeatLimit.MaxCausesOfSource - 1} more in 60 s");
    }

    [Fact]
    public void Causes_of_all_statements_are_bounded()
    {
        for (var i = 0; i < 2 * RepeatLimit.MaxCauses; i++)
            factory.CreateLogger(Letters(i)).LogWarning("It failed.");
        written.Lines.Count.ShouldBe(RepeatLimit.MaxCauses + 1);
        Pass(2 * Minute);
        written.Lines.Clear();

        Repeat(2);

        written.Texts.ShouldBe(["The relay of customers ended: no broker"], "what was forgotten makes room");
    }

    [Fact]
    public void Pending_summaries_are_written_at_the_end()
    {
        Repeat(4);
        Pass(TimeSpan.FromSeconds(6));

        factory.Dispose();

        written.Texts[^1].ShouldBe("The relay of customers ended: no broker [3 more in 9 s, the last at 12:00:03Z]");
        written.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void Lines_after_the_end_pass()
    {
        factory.Dispose();

        Repeat(2);

        written.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_repeats_are_counted_exactly()
    {
        const int Threads = 8;
        const int Each = 1_000;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                Log.Ended(logger, null, "customers", "no broker");
        })));
        Pass(Minute);

        written.Lines.Count.ShouldBe(2);
        written.Lines[^1].Values["Count"].ShouldBe((Threads * Each) - 1);
    }

    /// <summary>One line a second.</summary>
    private void Repeat(int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (i > 0)
                clock.Advance(Second);
            Log.Ended(logger, null, "customers", "no broker");
        }
    }

    private void Pass(TimeSpan time)
    {
        for (var end = clock.GetUtcNow() + time; clock.GetUtcNow() < end;)
            clock.Advance(Second);
    }

    // Letters, because numbers do not distinguish causes.
    private static string Letters(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
}
