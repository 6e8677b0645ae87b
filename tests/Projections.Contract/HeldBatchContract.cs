using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// The same where a batch keeps everybody else from the rows while it is open: what is asked of parked events may be recorded and come no
/// further.
/// </summary>
public abstract class HeldBatchContract(StoreUnderTest store) : DocumentRegistryContract(store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_was_recorded_and_came_no_further_is_asked_by_the_next_process()
    {
        var requeue = Requeue();
        var first = await OpenAsync(SampleProjections.Serialized());
        var point = (await first.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        await ParkAsync(first, point, [], [SampleRecords.Of(new Counted(Counter, 1), 0)]);
        using var patience = new CancellationTokenSource();
        await using (await first.BeginAsync(1, CancellationToken.None))
        {
            var asking = first.Registry.AddRequestAsync(
                1, null, DeadLetterRequest.Requeue, new OperationRecord(requeue, "requeue all"), patience.Token);
            await Eventually.HoldsAsync(
                Patience,
                async () =>
                    await first.Registry.FindOperationAsync(requeue.Id, CancellationToken.None) is null ? "it is not recorded" : null);
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(asking);
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
