using Microsoft.Extensions.Time.Testing;
using Monolith.Cli.Demo;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class DemoPacerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Time passes between two reads of the clock, also when little of the wait is left.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    public async Task Wait_ends_when_reading_the_clock_takes_long(int readTakes)
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(readTakes) };
        var waiting = DemoPacer.WaitAsync(TimeSpan.FromMilliseconds(10), clock.GetTimestamp(), clock, CancellationToken.None);

        clock.Advance(TimeSpan.FromMilliseconds(10));

        await waiting.WaitAsync(Timeout);
    }

    [Fact]
    public async Task Wait_for_years_ends_when_stopped()
    {
        using var stop = new CancellationTokenSource();
        var started = TimeProvider.System.GetTimestamp();
        var waiting = DemoPacer.WaitAsync(TimeSpan.FromSeconds(int.MaxValue), started, TimeProvider.System, stop.Token);
        waiting.IsCompleted.ShouldBeFalse();

        await stop.CancelAsync();

        await waiting.WaitAsync(Timeout);
    }
}
