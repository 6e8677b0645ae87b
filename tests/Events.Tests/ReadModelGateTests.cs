using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Consistency;

namespace Monolith.Events.Tests;

[Trait("Category", "Unit")]
public sealed class ReadModelGateTests
{
    private static readonly Event Happened = new(
        new LogRecord
        {
            Log = "shop.events", Partition = 3, Offset = 41, EventId = Guid.Empty, StreamId = Guid.Empty, StreamVersion = 1,
            Type = "shop.happened.v1", Data = default, OccurredAt = DateTimeOffset.UnixEpoch,
        },
        new Nothing());

    [Fact]
    public async Task Wait_requires_the_offset_after_the_event()
    {
        var gate = new FakeGate(null);

        await gate.WaitUntilAppliedAsync("shop.counters", Happened, CancellationToken.None);

        gate.Waits.ShouldBe([("shop.counters", new LogOffset("shop.events", 3, 42))]);
    }

    [Fact]
    public async Task Wait_that_times_out_names_the_read_model()
    {
        var gate = new FakeGate(ConsistencyError);

        var late =
            await Should.ThrowAsync<TimeoutException>(() => gate.WaitUntilAppliedAsync("shop.counters", Happened, CancellationToken.None));

        late.Message.ShouldContain("shop.counters has not seen");
    }

    private static Error ConsistencyError => new(ErrorKind.Unavailable, "late", "Late", "It is late.");

    private sealed record Nothing : IEvent;

    private sealed class FakeGate(Error? outcome) : IReadModelGate
    {
        public List<(string ReadModel, LogOffset Place)> Waits { get; } = [];

        public Task<Error?> WaitAsync(
            IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> offsets, TimeSpan atMost, CancellationToken cancellation)
        {
            Waits.Add((readModels.Single(), offsets.Single()));
            return Task.FromResult(outcome);
        }
    }
}
