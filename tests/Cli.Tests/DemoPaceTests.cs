using Microsoft.Extensions.Time.Testing;
using Monolith.Cli.Demo;

namespace Monolith.Host.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class DemoPaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Time passes between two looks at the clock, also where it is what is left of a wait.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    public async Task A_wait_ends_when_it_is_due_however_long_a_look_at_the_clock_takes(int lookTakes)
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(lookTakes) };
        var waiting = DemoPace.WaitAsync(TimeSpan.FromMilliseconds(10), clock.GetTimestamp(), clock, CancellationToken.None);

        clock.Advance(TimeSpan.FromMilliseconds(10));

        await waiting.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_wait_for_years_ends_when_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var waiting = DemoPace.WaitAsync(TimeSpan.FromSeconds(int.MaxValue), TimeProvider.System.GetTimestamp(), TimeProvider.System, stop.Token);
        waiting.IsCompleted.ShouldBeFalse();

        await stop.CancelAsync();

        await waiting.WaitAsync(Patience);
    }
}
