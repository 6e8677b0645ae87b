using System.Text.Json;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The registry of a store without transactions over rows and registry. Generations, operations and the record of operators are one
/// document, written by compare-and-swap; rows, checkpoints and dead letters are left to <see cref="IGenerationRows"/>. The document
/// decides: a step changes it first, and the rows follow, at the latest at the next start.
/// </summary>
public sealed class DocumentRegistry : IGenerationRegistry, IDisposable
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(5);

    private readonly ProjectionDefinition projection;
    private readonly DocumentState document;
    private readonly DocumentPromotion promotion;
    private readonly IGenerationRows rows;
    private readonly TimeProvider clock;

    // Steps that read the document and then change rows run one at a time in this process.
    private readonly SemaphoreSlim steps = new(1);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool prepared;

    /// <summary>Creates the registry; it opens nothing before <see cref="PrepareAsync"/>.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="document">The document.</param>
    /// <param name="rows">Rows, checkpoints and dead letters.</param>
    /// <param name="clock">The clock.</param>
    public DocumentRegistry(ProjectionDefinition projection, IRegistryDocument document, IGenerationRows rows, TimeProvider clock)
    {
        this.projection = projection;
        this.document = new DocumentState(projection.Name, document, clock);
        this.rows = rows;
        this.clock = clock;
        promotion = new DocumentPromotion(this.document, rows, clock);
    }

    /// <inheritdoc />
    public string Store => rows.Store;

    /// <inheritdoc />
    public string? Instance => rows.Instance;

    /// <inheritdoc />
    public void Dispose() => steps.Dispose();

    /// <inheritdoc />
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await OpenAsync(cancellation);
        }
        finally
        {
            opened.TrySetResult();
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        await rows.OpenAsync(cancellation);
        await document.MakeReadableAsync(rows.ClearAsync, cancellation);
        var first = new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, null);
        await document.ChangeAsync(state => state.Generations.Count == 0 ? state.Add(first, Now) : state, cancellation);
        var state = await document.ReadAsync(cancellation);
        foreach (var entry in state.Generations.Where(entry => !entry.Generation.IsGone))
        {
            if (entry.Generation.State == GenerationState.Building)
                await rows.CreateAsync(entry.Number, cancellation);
            if (await rows.FindFaultAsync(entry.Number, cancellation) is { } fault)
                await FailLostAsync(entry.Number, fault, cancellation);
        }

        await promotion.ServeAsync(cancellation);
        prepared = true;
    }

    /// <inheritdoc />
    public async Task<Registry> ReadAsync(CancellationToken cancellation)
    {
        if (!await IsPreparedAsync(cancellation))
            return new Registry([], false, new Dictionary<int, long>(), false);
        await promotion.ReconcileIfDueAsync(cancellation);
        var state = await document.ReadAsync(cancellation);
        var (deadLetters, hasRequests) = (new Dictionary<int, long>(), false);
        foreach (var entry in state.Generations.Where(entry => !entry.Generation.IsGone))
        {
            var count = await rows.CountDeadLettersAsync(entry.Number, cancellation);
            if (count.Events > 0)
                deadLetters.Add(entry.Number, count.Events);
            hasRequests |= count.WithRequest > 0;
        }

        return new Registry([.. state.Generations.Select(entry => entry.Generation)], state.Paused, deadLetters, hasRequests)
        {
            Lost = state.Lost,
        };
    }

    /// <inheritdoc />
    public async Task<int?> CreateAsync(GenerationRequest request, Operation operation, string action, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var number = 0;
        var created = await document.ChangeAsync(
            state =>
            {
                number = state.NextNumber;
                return state.Forbids(request) ? state : state.Add(request, Now).Record(operation with { Generation = number }, action, Now);
            },
            cancellation);
        if (!created)
            return null;
        await rows.CreateAsync(number, cancellation);
        return number;
    }

    /// <inheritdoc />
    public Task<bool> ClaimRebuildAsync(
        int generation,
        Guid builder,
        TimeSpan lease,
        IReadOnlyDictionary<LogPartition, long>? folded,
        FillProgress? fill,
        CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Claim(generation, builder, Now + lease, folded, fill, Now), cancellation);

    /// <inheritdoc />
    public Task ReleaseRebuildAsync(int generation, Guid builder, CancellationToken cancellation) =>
        document.ChangeAsync(
            state => state.Change(
                generation, entry => entry.Builder == builder, entry => entry with { BuilderUntil = Now - TimeSpan.FromSeconds(1) }),
            cancellation);

    /// <inheritdoc />
    public Task SetTargetsAsync(
        int generation, IReadOnlyDictionary<LogPartition, long> targets, bool inMemory, CancellationToken cancellation) =>
        document.ChangeAsync(
            generation, entry => entry.Targets is null, entry => entry with { Targets = targets, InMemory = inMemory }, cancellation);

    /// <inheritdoc />
    public Task SwitchToBatchesAsync(int generation, CancellationToken cancellation) =>
        document.ChangeAsync(generation, entry => entry.InMemory, entry => entry with { InMemory = false, Folded = null }, cancellation);

    /// <inheritdoc />
    public Task MarkReadyAsync(int generation, string reason, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.MarkReady(generation, reason, Now), cancellation);

    /// <inheritdoc />
    public async Task CompleteSnapshotAsync(int generation, string rowHash, CancellationToken cancellation)
    {
        // After a crash no process would apply the events of a snapshot again.
        await rows.FlushAsync(generation, cancellation);
        await document.ChangeAsync(state => state.CompleteSnapshot(generation, rowHash, Now), cancellation);
    }

    /// <inheritdoc />
    public Task SetRowHashAsync(int generation, string rowHash, CancellationToken cancellation) =>
        document.ChangeAsync(generation, entry => entry.RowHash != rowHash, entry => entry with { RowHash = rowHash }, cancellation);

    /// <inheritdoc />
    public Task AddFaultsAsync(int generation, IReadOnlyList<string> faults, CancellationToken cancellation) => document.ChangeAsync(
        generation,
        entry => faults.Except(entry.Faults).Any(),
        entry => entry with { Faults = [.. entry.Faults.Union(faults).Order(StringComparer.Ordinal)] },
        cancellation);

    /// <inheritdoc />
    public Task<bool> RequestPromotionAsync(int generation, OperationRecord recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.RequestPromotion(generation, recording.Operation.Id), recording, cancellation);

    /// <inheritdoc />
    public Task BlockLiveWritesAsync(TimeSpan span, CancellationToken cancellation) => document.ChangeAsync(
        state => state.Live is { } live ? state.Change(live.Number, _ => true, entry => entry with { BlockedUntil = Now + span }) : state,
        cancellation);

    /// <summary>
    /// Whether writes to a generation are blocked: so that its successor can catch up, or because it is retired and its process has not
    /// read that yet. The store calls this before it commits a batch.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<bool> AreWritesBlockedAsync(int generation, CancellationToken cancellation) =>
        (await document.ReadAsync(cancellation)).Find(generation) is { } entry
        && (entry.BlockedUntil > Now || entry.Generation is { State: GenerationState.Retired, IsCatchingUp: false });

    /// <inheritdoc />
    public async Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        return await promotion.PromoteAsync(generation, cancellation);
    }

    /// <inheritdoc />
    public async Task<bool> EndAsync(
        int generation, GenerationState state, string? reason, OperationRecord? recording, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        if (!await document.ChangeAsync(now => now.End(generation, state, reason, Now), recording, cancellation))
            return false;
        await rows.DeleteCheckpointsAsync(generation, cancellation);
        return true;
    }

    /// <summary>
    /// Ends a generation whose rows turned out to be unusable: it has failed, with the reason. If no generation is live or under way then,
    /// a rebuild is started, and queries are refused until it is live.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="reason">Why its rows are unusable.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task MarkLostAsync(int generation, string reason, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        await FailLostAsync(generation, reason, cancellation);
        await promotion.ServeLiveAsync(cancellation);
    }

    /// <inheritdoc />
    public Task<bool> CancelCatchUpAsync(int generation, string reason, OperationRecord? recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.CancelCatchUp(generation, reason, Now), recording, cancellation);

    /// <inheritdoc />
    public async Task CleanAsync(int generation, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        await rows.RemoveAsync(generation, cancellation);
    }

    /// <inheritdoc />
    public Task MarkCleanedAsync(int generation, CancellationToken cancellation) => document.ChangeAsync(
        generation,
        entry => !entry.Cleaned,
        // Dropped generations are not listed any more; without their targets the document stays small.
        entry => entry with { Cleaned = true, Targets = entry.State == GenerationState.Dropped ? null : entry.Targets },
        cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        rows.CheckpointsAsync(generation, cancellation);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var state = await document.ReadAsync(cancellation);
        if (!state.IsOpen(generation))
            return [];
        // The process that recorded the generation may have ended before it created its rows.
        if (state.Find(generation)!.Generation.State == GenerationState.Building)
            await rows.CreateAsync(generation, cancellation);
        return await rows.ClaimPartitionsAsync(generation, partitions, cancellation);
    }

    /// <inheritdoc />
    public Task<bool> SetPausedAsync(bool paused, OperationRecord recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Paused == paused ? state : state with { Paused = paused }, recording, cancellation);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null)
    {
        var deadLetters = new List<DeadLetter>();
        if (!await IsPreparedAsync(cancellation))
            return deadLetters;
        var generations = (await document.ReadAsync(cancellation)).Generations;
        foreach (var entry in generations.Where(entry => !entry.Generation.IsGone && !(entry.Number > after?.Generation)).Reverse())
        {
            var from = entry.Number == after?.Generation ? after.Value.Sequence : 0;
            if (deadLetters.Count < limit)
                deadLetters.AddRange(await rows.DeadLettersAsync(entry.Number, from, limit - deadLetters.Count, cancellation));
        }

        return deadLetters;
    }

    /// <inheritdoc />
    public async Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, OperationRecord recording, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var exists = key is null
            ? (await rows.CountDeadLettersAsync(generation, cancellation)).Events > 0
            : (await rows.DeadLetterKeysAsync(generation, cancellation)).Contains(key);
        if (!exists)
            return 0;
        var undelivered = new UndeliveredRequest(key, request);
        await document.ChangeAsync(state => state.Record(recording.Operation, recording.Action, Now, undelivered), cancellation);
        // The dead letters may have been resolved meanwhile; the request is recorded nevertheless.
        return Math.Max(1, await DeliverAsync(generation, recording.Operation.Id, undelivered, cancellation));
    }

    /// <inheritdoc />
    public Task RecordAsync(Operation operation, string action, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Record(operation, action, Now), cancellation);

    /// <inheritdoc />
    public Task EndOperationAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation) =>
        document.ChangeAsync(
            now => now.EndOperation(operation, state, detail, result is null ? null : JsonElement.Parse(result), Now), cancellation);

    /// <inheritdoc />
    public async Task EndDeadLetterRequestAsync(Operation operation, int? live, CancellationToken cancellation)
    {
        if (operation.Generation is not { } generation)
            return;
        using var step = await StepAsync(cancellation);
        if ((await document.ReadAsync(cancellation)).UndeliveredRequestOf(operation.Id) is { } undelivered)
            await DeliverAsync(generation, operation.Id, undelivered, cancellation);
        var (pending, remaining) = await rows.RequestProgressAsync(generation, operation.Id, cancellation);
        if (pending > 0 && live == generation)
            return;

        await rows.RemoveRequestAsync(generation, operation.Id, cancellation);
        var (state, detail) = operation.OutcomeOfRequest(remaining);
        await EndOperationAsync(operation.Id, state, detail, null, cancellation);
    }

    /// <inheritdoc />
    public async Task<Operation?> FindOperationAsync(Guid operation, CancellationToken cancellation) =>
        await IsPreparedAsync(cancellation)
            ? (await document.ReadAsync(cancellation)).Operations.FirstOrDefault(entry => entry.Operation.Id == operation)?.Operation
            : null;

    /// <inheritdoc />
    public async Task<IReadOnlyList<Operation>> RunningOperationsAsync(IReadOnlyList<string> kinds, CancellationToken cancellation) =>
    [
        .. (await document.ReadAsync(cancellation)).Operations.Select(entry => entry.Operation)
            .Where(operation => operation.State == OperationState.Running && kinds.Contains(operation.Kind))
            .OrderBy(operation => operation.StartedAt),
    ];

    /// <inheritdoc />
    public async Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null) =>
        await IsPreparedAsync(cancellation) ? (await document.ReadAsync(cancellation)).ActionsAfter(after, limit) : [];

    private DateTimeOffset Now => clock.GetUtcNow();

    private async Task<bool> IsPreparedAsync(CancellationToken cancellation)
    {
        // A request may reach a host that has just started, before its runner has opened the store for the first time.
        if (!prepared)
            await opened.Task.WaitAsync(OpenTimeout, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return prepared;
    }

    // The request is recorded by then: after a crash, the process that ends the operation delivers it again.
    private async Task<long> DeliverAsync(int generation, Guid operation, UndeliveredRequest request, CancellationToken cancellation)
    {
        var concerned = await rows.AddRequestAsync(generation, request.Key, request.Request, operation, cancellation);
        await document.ChangeAsync(state => state.WithDeliveredRequest(operation), cancellation);
        return concerned;
    }

    private async Task FailLostAsync(int generation, string reason, CancellationToken cancellation)
    {
        if (!await document.ChangeAsync(state => state.FailLost(generation, reason, projection, Now), cancellation))
            return;
        await rows.DeleteCheckpointsAsync(generation, cancellation);
        if ((await document.ReadAsync(cancellation)).UnderWay is { Generation.State: GenerationState.Building } next)
            await rows.CreateAsync(next.Number, cancellation);
    }

    private async Task<Step> StepAsync(CancellationToken cancellation)
    {
        await steps.WaitAsync(cancellation);
        return new Step(steps);
    }

    private readonly struct Step(SemaphoreSlim steps) : IDisposable
    {
        public void Dispose() => steps.Release();
    }
}
