using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;

namespace Monolith.LocalServers.Tests;

[Trait("Category", "Unit")]
public sealed class ServerRestarterTests : IDisposable
{
    private const int MaxAttempts = 5;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly RecordingClock clock = new();
    private readonly FakeServer server = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> reports = [];
    private readonly Task restarter;

    public ServerRestarterTests() => restarter = new ServerRestarter(server, reports.Add, clock).RunAsync(stop.Token);

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task Stopped_server_is_restarted_with_one_line()
    {
        server.Stop("signal 9");

        await RestartsAsync(1);

        reports.ShouldBe(["Server stopped unexpectedly (signal 9); restarting it (attempt 1 of 5)."]);
        restarter.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Failed_restart_is_tried_again_with_its_reason()
    {
        server.Failures.Enqueue(new LocalServerException("the disk is full"));
        server.Failures.Enqueue(new IOException("No space left."));
        server.Stop("signal 9");

        await RestartsAsync(3);

        reports.ShouldBe(
        [
            "Server stopped unexpectedly (signal 9); restarting it (attempt 1 of 5).",
            "the disk is full; restarting it (attempt 2 of 5).",
            "No space left; restarting it (attempt 3 of 5).",
        ]);
    }

    [Fact]
    public async Task Delays_between_attempts_double()
    {
        FailAlways();
        server.Stop("signal 9");

        await PassAsync(() => restarter.IsCompleted);

        clock.Delays.Select(delay => delay.TotalMilliseconds).ShouldBe([1000, 2000, 4000, 4000, 4000]);
    }

    [Fact]
    public async Task Restarter_fails_after_the_last_attempt()
    {
        FailAlways();
        server.Stop("signal 9");

        var failure = await Should.ThrowAsync<LocalServerException>(EndsAsync());

        failure.Message.ShouldBe("Server does not stay up after 5 restarts: the disk is full");
        server.Restarts.ShouldBe(MaxAttempts);
    }

    [Fact]
    public async Task Server_that_stops_after_each_restart_uses_up_the_attempts()
    {
        server.StopsAfterRestart = "exit status 1: no memory";
        server.Stop("signal 9");

        var failure = await Should.ThrowAsync<LocalServerException>(EndsAsync());

        failure.Message.ShouldBe(
            "Server does not stay up after 5 restarts: Server stopped unexpectedly (exit status 1: no memory)");
        server.Restarts.ShouldBe(MaxAttempts);
    }

    [Fact]
    public async Task Server_that_recovered_has_all_attempts_again()
    {
        for (var stops = 1; stops <= 2 * MaxAttempts; stops++)
        {
            server.Stop("signal 9");
            await RestartsAsync(stops);
            await Eventually.HoldsAsync(
                Deadline, "the restarter waits", () => server.Waits == stops + 1, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        reports.ShouldAllBe(line => line.EndsWith("(attempt 1 of 5).", StringComparison.Ordinal));
        restarter.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Server_that_stops_during_a_deliberate_stop_stays_stopped()
    {
        await stop.CancelAsync();
        server.Stop("signal 15");

        await restarter;

        server.Restarts.ShouldBe(0);
        reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliberate_stop_right_after_the_server_prevents_the_restart()
    {
        server.Stop("signal 15");
        await stop.CancelAsync();
        clock.Advance(TimeSpan.FromMinutes(1));

        await restarter;

        server.Restarts.ShouldBe(0);
        reports.ShouldBeEmpty();
    }

    private void FailAlways()
    {
        for (var i = 0; i < 2 * MaxAttempts; i++)
            server.Failures.Enqueue(new LocalServerException("the disk is full"));
    }

    /// <summary>Advances the clock until the server has been restarted that many times.</summary>
    private Task RestartsAsync(int count) => PassAsync(() => server.Restarts == count);

    private async Task EndsAsync()
    {
        await PassAsync(() => restarter.IsCompleted);
        await restarter;
    }

    // The steps are much shorter than the time after which a server counts as recovered.
    private Task PassAsync(Func<bool> until) => Eventually.HoldsAsync(
        Deadline,
        "the restarter went on",
        () =>
        {
            if (!until())
                clock.Advance(Step);
            return until();
        },
        TestContext.Current.CancellationToken);

    private sealed class RecordingClock : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Delays { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class FakeServer : ILocalServer
    {
        private readonly Channel<string> stops = Channel.CreateUnbounded<string>();

        public string Name => "Server";

        public Queue<Exception> Failures { get; } = new();

        public string? StopsAfterRestart { get; set; }

        public int Restarts { get; private set; }

        public int Waits { get; private set; }

        public void Stop(string how) => stops.Writer.TryWrite(how);

        public Task<string> StoppedAsync(CancellationToken cancellation)
        {
            Waits++;
            return stops.Reader.ReadAsync(cancellation).AsTask();
        }

        public Task RestartAsync(CancellationToken cancellation = default)
        {
            Restarts++;
            if (Failures.TryDequeue(out var failure))
                throw failure;
            if (StopsAfterRestart is { } how)
                Stop(how);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
