using Microsoft.Extensions.Time.Testing;
using Monolith.Cli.Demo;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class DemoPacerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Time passes between two looks at the clock, also where it is what is left of a wait.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    public async Task A_wait_ends_when_it_is_due_however_long_a_look_at_the_clock_takes(int lookTakes)
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(lookTakes) };
        var waiting = DemoPacer.WaitAsync(TimeSpan.FromMilliseconds(10), clock.GetTimestamp(), clock, CancellationToken.None);

        clock.Advance(TimeSpan.FromMilliseconds(10));

        await waiting.WaitAsync(Timeout);
    }

    [Fact]
    public async Task A_wait_for_years_ends_when_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var waiting = DemoPacer.WaitAsync(TimeSpan.FromSeconds(int.MaxValue), TimeProvider.System.GetTimestamp(), TimeProvider.System, stop.Token);
        waiting.IsCompleted.ShouldBeFalse();

        await stop.CancelAsync();

        await waiting.WaitAsync(Timeout);
    }
}
