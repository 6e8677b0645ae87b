using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// The contract for stores whose open batch locks the rows: a request for dead letters may be recorded before it is added to them.
/// </summary>
public abstract class HeldBatchContract(StoreUnderTest store) : DocumentRegistryContract(store)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Recorded_request_is_resumed_by_the_next_process()
    {
        var requeue = Requeue();
        var first = await OpenAsync(SampleProjections.Serialized());
        var point = (await first.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        await CommitDeadLettersAsync(first, point, [], [SampleRecords.Of(new Counted(Counter, 1), 0)]);
        using var abort = new CancellationTokenSource();
        await using (await first.BeginAsync(1, CancellationToken.None))
        {
            var request = first.Registry.AddRequestAsync(
                1, null, DeadLetterRequest.Requeue, new OperationRecord(requeue, "requeue all"), abort.Token);
            await Eventually.HoldsAsync(
                Timeout,
                async () =>
                    await first.Registry.FindOperationAsync(requeue.Id, CancellationToken.None) is null ? "it is not recorded" : null);
            await abort.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(request);
        }

        (await PendingRequestsAsync(first)).ShouldBeEmpty();
        await CloseAsync();

        var next = await OpenAsync(SampleProjections.Serialized());
        await next.Registry.EndDeadLetterRequestAsync(
            (await next.Registry.FindOperationAsync(requeue.Id, CancellationToken.None))!, 1, CancellationToken.None);

        (await next.Registry.FindOperationAsync(requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Running);
        (await PendingRequestsAsync(next)).ShouldBe([Partition]);
    }
}
