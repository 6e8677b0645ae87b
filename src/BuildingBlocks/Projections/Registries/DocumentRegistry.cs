using System.Text.Json;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The registry of a store without transactions over its rows and a registry: the states of generations, operations and the record of operators are one document, written by compare-and-swap; what lives
/// with the rows is left to <see cref="IGenerationRows"/>. What the document says is the truth: a step changes it first, and the rows follow, be it at the next start.
/// </summary>
public sealed class DocumentRegistry : IGenerationRegistry, IDisposable
{
    private static readonly TimeSpan OpensWithin = TimeSpan.FromSeconds(5);

    private readonly ProjectionDefinition projection;
    private readonly DocumentState document;
    private readonly DocumentPromotion promotion;
    private readonly IGenerationRows rows;
    private readonly TimeProvider clock;

    /// <summary>Steps that look at the document and then touch rows: one at a time in this process.</summary>
    private readonly SemaphoreSlim steps = new(1);
    private readonly TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool prepared;

    /// <param name="projection">The projection.</param>
    /// <param name="document">The document.</param>
    /// <param name="rows">What lives with the rows.</param>
    /// <param name="clock">The time.</param>
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
            looked.TrySetResult();
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        await rows.OpenAsync(cancellation);
        await document.MakeReadableAsync(rows.ClearAsync, cancellation);
        await document.ChangeAsync(state => state.Generations.Count == 0 ? state.Add(new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, null), Now) : state, cancellation);
        var state = await document.ReadAsync(cancellation);
        foreach (var entry in state.Generations.Where(entry => !entry.Generation.IsGone))
        {
            if (entry.Generation.State == GenerationState.Building)
                await rows.CreateAsync(entry.Number, cancellation);
            if (await rows.FaultAsync(entry.Number, cancellation) is { } fault)
                await LoseStepAsync(entry.Number, fault, cancellation);
        }

        await promotion.ShowAsync(cancellation);
        prepared = true;
    }

    /// <inheritdoc />
    public async Task<Registry> ReadAsync(CancellationToken cancellation)
    {
        if (!await IsPreparedAsync(cancellation))
            return new Registry([], false, new Dictionary<int, long>(), false);
        await promotion.AgreeWhereDueAsync(cancellation);
        var state = await document.ReadAsync(cancellation);
        var (parked, asked) = (new Dictionary<int, long>(), false);
        foreach (var entry in state.Generations.Where(entry => !entry.Generation.IsGone))
        {
            var count = await rows.ParkedAsync(entry.Number, cancellation);
            if (count.Events > 0)
                parked.Add(entry.Number, count.Events);
            asked |= count.Asked > 0;
        }

        return new Registry([.. state.Generations.Select(entry => entry.Generation)], state.Paused, parked, asked) { Lost = state.Lost };
    }

    /// <inheritdoc />
    public async Task<int?> CreateAsync(GenerationRequest request, Operation operation, string action, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var number = 0;
        var made = await document.ChangeAsync(
            state =>
            {
                number = state.NextNumber;
                return state.Forbids(request) ? state : state.Add(request, Now).Record(operation with { Generation = number }, action, Now);
            },
            cancellation);
        if (!made)
            return null;
        await rows.CreateAsync(number, cancellation);
        return number;
    }

    /// <inheritdoc />
    public Task<bool> ClaimAsync(int generation, Guid builder, TimeSpan lease, IReadOnlyDictionary<LogPartition, long>? folded, FillProgress? fill, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Claim(generation, builder, Now + lease, folded, fill, Now), cancellation);

    /// <inheritdoc />
    public Task ReleaseAsync(int generation, Guid builder, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Change(generation, entry => entry.Builder == builder, entry => entry with { BuilderUntil = Now - TimeSpan.FromSeconds(1) }), cancellation);

    /// <inheritdoc />
    public Task BeginAsync(int generation, IReadOnlyDictionary<LogPartition, long> targets, bool inMemory, CancellationToken cancellation) =>
        document.ChangeAsync(generation, entry => entry.Targets is null, entry => entry with { Targets = targets, InMemory = inMemory }, cancellation);

    /// <inheritdoc />
    public Task LeaveMemoryAsync(int generation, CancellationToken cancellation) =>
        document.ChangeAsync(generation, entry => entry.InMemory, entry => entry with { InMemory = false, Folded = null }, cancellation);

    /// <inheritdoc />
    public Task MarkReadyAsync(int generation, string reason, CancellationToken cancellation) => document.ChangeAsync(state => state.MarkReady(generation, reason, Now), cancellation);

    /// <inheritdoc />
    public async Task KeepAsync(int generation, string rowHash, CancellationToken cancellation)
    {
        // Nobody would bring it to where it was after a crash.
        await rows.FlushAsync(generation, cancellation);
        await document.ChangeAsync(state => state.Keep(generation, rowHash, Now), cancellation);
    }

    /// <inheritdoc />
    public Task NoteHashAsync(int generation, string rowHash, CancellationToken cancellation) =>
        document.ChangeAsync(generation, entry => entry.RowHash != rowHash, entry => entry with { RowHash = rowHash }, cancellation);

    /// <inheritdoc />
    public Task NoteFaultsAsync(int generation, IReadOnlyList<string> faults, CancellationToken cancellation) => document.ChangeAsync(
        generation, entry => faults.Except(entry.Faults).Any(), entry => entry with { Faults = [.. entry.Faults.Union(faults).Order(StringComparer.Ordinal)] }, cancellation);

    /// <inheritdoc />
    public Task<bool> AskPromotionAsync(int generation, Recording recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.AskPromotion(generation, recording.Operation.Id), recording, cancellation);

    /// <inheritdoc />
    public Task HoldAsync(TimeSpan span, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Live is { } live ? state.Change(live.Number, _ => true, entry => entry with { HeldUntil = Now + span }) : state, cancellation);

    /// <summary>
    /// Whether the batches of a generation have to wait, so that its successor can reach it; or because it is retired, and whoever keeps it going has not heard of it yet. Asked by the store before it
    /// commits a batch.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<bool> IsHeldAsync(int generation, CancellationToken cancellation) =>
        (await document.ReadAsync(cancellation)).Find(generation) is { } entry && (entry.HeldUntil > Now || entry.Generation is { State: GenerationState.Retired, IsReturning: false });

    /// <inheritdoc />
    public async Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        return await promotion.PromoteAsync(generation, cancellation);
    }

    /// <inheritdoc />
    public async Task<bool> EndAsync(int generation, GenerationState state, string? reason, Recording? recording, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        if (!await document.ChangeAsync(now => now.End(generation, state, reason, Now), recording, cancellation))
            return false;
        await rows.CloseAsync(generation, cancellation);
        return true;
    }

    /// <summary>
    /// Throws away a generation whose rows turned out to be broken: it has failed, with the reason, and where that leaves nothing to serve, another one is built in its place. Queries are refused until then.
    /// </summary>
    /// <param name="generation">Its number.</param>
    /// <param name="reason">What is wrong with its rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task LoseAsync(int generation, string reason, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        await LoseStepAsync(generation, reason, cancellation);
        await promotion.ShowLiveAsync(cancellation);
    }

    /// <inheritdoc />
    public Task<bool> StayRetiredAsync(int generation, string reason, Recording? recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.StayRetired(generation, reason, Now), recording, cancellation);

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
        // Nobody asks any more how far one was that is not listed; the document is to stay small.
        entry => entry with { Cleaned = true, Targets = entry.State == GenerationState.Dropped ? null : entry.Targets },
        cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) => rows.CheckpointsAsync(generation, cancellation);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Checkpoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var state = await document.ReadAsync(cancellation);
        if (!state.IsOpen(generation))
            return [];
        // Whoever made it may have ended before its place was there.
        if (state.Find(generation)!.Generation.State == GenerationState.Building)
            await rows.CreateAsync(generation, cancellation);
        return await rows.TakeAsync(generation, partitions, cancellation);
    }

    /// <inheritdoc />
    public Task<bool> SetPausedAsync(bool paused, Recording recording, CancellationToken cancellation) =>
        document.ChangeAsync(state => state.Paused == paused ? state : state with { Paused = paused }, recording, cancellation);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null)
    {
        var letters = new List<DeadLetter>();
        if (!await IsPreparedAsync(cancellation))
            return letters;
        foreach (var entry in (await document.ReadAsync(cancellation)).Generations.Where(entry => !entry.Generation.IsGone && !(entry.Number > after?.Generation)).Reverse())
        {
            var from = entry.Number == after?.Generation ? after.Value.Sequence : 0;
            if (letters.Count < limit)
                letters.AddRange(await rows.DeadLettersAsync(entry.Number, from, limit - letters.Count, cancellation));
        }

        return letters;
    }

    /// <inheritdoc />
    public async Task<long> AskAsync(int generation, string? key, DeadLetterRequest request, Recording recording, CancellationToken cancellation)
    {
        using var step = await StepAsync(cancellation);
        var isParked = key is null ? (await rows.ParkedAsync(generation, cancellation)).Events > 0 : (await rows.ParkedKeysAsync(generation, cancellation)).Contains(key);
        if (!isParked)
            return 0;
        var asking = new OpenRequest(key, request);
        await document.ChangeAsync(state => state.Record(recording.Operation, recording.Action, Now, asking), cancellation);
        // Another request may have taken the last of them away meanwhile; this one is recorded all the same.
        return Math.Max(1, await CarryOutAsync(generation, recording.Operation.Id, asking, cancellation));
    }

    /// <inheritdoc />
    public Task RecordAsync(Operation operation, string action, CancellationToken cancellation) => document.ChangeAsync(state => state.Record(operation, action, Now), cancellation);

    /// <inheritdoc />
    public Task EndOperationAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation) =>
        document.ChangeAsync(now => now.EndOperation(operation, state, detail, result is null ? null : JsonElement.Parse(result), Now), cancellation);

    /// <inheritdoc />
    public async Task EndRequestAsync(Operation operation, int? live, CancellationToken cancellation)
    {
        if (operation.Generation is not { } generation)
            return;
        using var step = await StepAsync(cancellation);
        if ((await document.ReadAsync(cancellation)).RequestOf(operation.Id) is { } asking)
            await CarryOutAsync(generation, operation.Id, asking, cancellation);
        var (open, parked) = await rows.RequestAsync(generation, operation.Id, cancellation);
        if (open > 0 && live == generation)
            return;

        await rows.ForgetAsync(generation, operation.Id, cancellation);
        if (parked == 0)
            await EndOperationAsync(operation.Id, OperationState.Done, operation.Kind == "requeue" ? "the events are applied" : "the events are given up; they stay in the log", null, cancellation);
        else
            await EndOperationAsync(operation.Id, OperationState.Failed, $"{parked} events are parked still; the list of dead letters says why", null, cancellation);
    }

    /// <inheritdoc />
    public async Task<Operation?> OperationAsync(Guid operation, CancellationToken cancellation) =>
        await IsPreparedAsync(cancellation) ? (await document.ReadAsync(cancellation)).Operations.FirstOrDefault(entry => entry.Operation.Id == operation)?.Operation : null;

    /// <inheritdoc />
    public async Task<IReadOnlyList<Operation>> RunningAsync(IReadOnlyList<string> kinds, CancellationToken cancellation) =>
    [
        .. (await document.ReadAsync(cancellation)).Operations.Select(entry => entry.Operation)
            .Where(operation => operation.State == OperationState.Running && kinds.Contains(operation.Kind)).OrderBy(operation => operation.StartedAt),
    ];

    /// <inheritdoc />
    public async Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null) =>
        await IsPreparedAsync(cancellation) ? (await document.ReadAsync(cancellation)).ActionsAfter(after, limit) : [];

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A host that has just started may be asked before its runner has opened the store for the first time: that is waited for.</summary>
    private async Task<bool> IsPreparedAsync(CancellationToken cancellation)
    {
        if (!prepared)
            await looked.Task.WaitAsync(OpensWithin, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return prepared;
    }

    /// <summary>Brings to the rows what an operation asks of parked events. It is recorded by then, so that whoever ends the operation repeats this where nobody came to it.</summary>
    private async Task<long> CarryOutAsync(int generation, Guid operation, OpenRequest asking, CancellationToken cancellation)
    {
        var concerned = await rows.AskAsync(generation, asking.Key, asking.Request, operation, cancellation);
        await document.ChangeAsync(state => state.CarriedOut(operation), cancellation);
        return concerned;
    }

    private async Task LoseStepAsync(int generation, string reason, CancellationToken cancellation)
    {
        if (!await document.ChangeAsync(state => state.Lose(generation, reason, projection, Now), cancellation))
            return;
        await rows.CloseAsync(generation, cancellation);
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
