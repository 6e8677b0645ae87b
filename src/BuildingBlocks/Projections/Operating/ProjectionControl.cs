using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Writes what operators ask for into the registry; the runners of all hosts do what it says.</summary>
internal sealed class ProjectionControl(
    ProjectionDefinition definition, string module, IGenerationRegistry store, LogHeads heads, ProjectionStatus status, RateMeter rates, TimeProvider clock) : IProjectionControl
{
    public string Name => definition.Name;

    public Task<ProjectionReport> ReportAsync(CancellationToken cancellation) => new ProjectionReporter(definition, module, store, heads, status, rates).MakeAsync(cancellation);

    public async Task<Result<Operation>> RebuildAsync(RebuildRequest request, string? actor, CancellationToken cancellation)
    {
        var purpose = request.Snapshot is null ? Purpose.Rebuild : Purpose.Snapshot;
        var action = purpose == Purpose.Rebuild ? $"rebuild, promote {Word(request.Promote)}" : $"snapshot {request.Snapshot} until {request.Until:O}";
        var registry = await store.ReadAsync(cancellation);
        if (request.Until > clock.GetUtcNow())
            return await RefuseAsync("rebuild", null, actor, action, ProjectionErrors.UntilInFuture(clock.GetUtcNow()), cancellation);
        return await CreateAsync(
            "rebuild", registry, id => new GenerationRequest(definition.Version, purpose, purpose == Purpose.Rebuild ? request.Promote : Promotion.None, id, request.Until, request.Snapshot), actor, action, cancellation);
    }

    public async Task<Result<Operation>> VerifyAsync(string? actor, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        if (registry.Live is not { } live)
            return await RefuseAsync("verify", null, actor, "verify", ProjectionErrors.NeverBuilt(Name), cancellation);
        if (live.Version != definition.Version)
            return await RefuseAsync("verify", live.Number, actor, "verify", ProjectionErrors.OtherVersion(Name, live.Number, live.Version, definition.Version), cancellation);
        return await CreateAsync("verify", registry, id => new GenerationRequest(definition.Version, Purpose.Verify, Promotion.None, id), actor, "verify", cancellation);
    }

    public async Task<Result<Operation>> PromoteAsync(int generation, string? actor, CancellationToken cancellation) =>
        (await store.ReadAsync(cancellation)) is var registry && registry.Find(generation) is { } found
            ? await PromoteAsync("promote", registry, found, actor, cancellation)
            : await RefuseAsync("promote", generation, actor, $"promote to generation {generation}", ProjectionErrors.Unknown(Name, generation), cancellation);

    public async Task<Result<Operation>> RollbackAsync(string? actor, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        var last = registry.Generations.Where(generation => generation.State == GenerationState.Retired).MaxBy(generation => generation.EndedAt);
        return last is null
            ? await RefuseAsync("rollback", null, actor, "rollback", ProjectionErrors.NothingToRollBackTo(Name), cancellation)
            : await PromoteAsync("rollback", registry, last, actor, cancellation);
    }

    public async Task<Result<Operation>> CancelAsync(int generation, string? actor, CancellationToken cancellation)
    {
        var action = $"cancel generation {generation}";
        if ((await store.ReadAsync(cancellation)).Find(generation) is not { } found)
            return await RefuseAsync("cancel", generation, actor, action, ProjectionErrors.Unknown(Name, generation), cancellation);
        var reason = $"cancelled{(actor is null ? "" : $" by {actor}")}";
        var done = Done("cancel", generation, actor, action, $"generation {generation} is {(found.IsReturning ? "retired as before" : "cancelled")}");
        var ended = found.IsReturning ? await store.StayRetiredAsync(generation, reason, done, cancellation) : await store.EndAsync(generation, GenerationState.Cancelled, reason, done, cancellation);
        return ended
            ? Told(done.Operation)
            : await RefuseAsync("cancel", generation, actor, action, ProjectionErrors.NotCancellable(Name, found), cancellation);
    }

    public async Task<Result<Operation>> DropAsync(int generation, string? actor, CancellationToken cancellation)
    {
        var action = $"drop generation {generation}";
        if ((await store.ReadAsync(cancellation)).Find(generation) is not { State: not GenerationState.Dropped } found)
            return await RefuseAsync("drop", generation, actor, action, ProjectionErrors.Unknown(Name, generation), cancellation);
        var done = Done("drop", generation, actor, action, $"generation {generation} is dropped");
        return found.Purpose != Purpose.Verify && await store.EndAsync(generation, GenerationState.Dropped, null, done, cancellation)
            ? Told(done.Operation)
            : await RefuseAsync("drop", generation, actor, action, ProjectionErrors.NotDroppable(Name, found), cancellation);
    }

    public async Task<Result<Operation>> PauseAsync(string? actor, CancellationToken cancellation)
    {
        var done = Done("pause", null, actor, "pause", $"{Name} is paused on every host");
        return await store.SetPausedAsync(true, done, cancellation) ? Told(done.Operation) : await RefuseAsync("pause", null, actor, "pause", ProjectionErrors.Paused(Name), cancellation);
    }

    public async Task<Result<Operation>> ResumeAsync(string? actor, CancellationToken cancellation)
    {
        var done = Done("resume", null, actor, "resume", $"{Name} goes on");
        return (await store.ReadAsync(cancellation)).Paused && await store.SetPausedAsync(false, done, cancellation)
            ? Told(done.Operation)
            : await RefuseAsync("resume", null, actor, "resume", ProjectionErrors.NotPaused(Name), cancellation);
    }

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null) => store.DeadLettersAsync(limit, cancellation, after);

    public Task<Result<Operation>> RequeueAsync(string? key, string? actor, CancellationToken cancellation) =>
        AskAsync("requeue", DeadLetterRequest.Requeue, key, actor, key is null ? "requeue all" : $"requeue {key}", cancellation);

    public Task<Result<Operation>> DiscardAsync(string key, string reason, string? actor, CancellationToken cancellation) =>
        AskAsync("discard", DeadLetterRequest.Discard, key, actor, $"discard {key}: {reason}", cancellation);

    public Task<Operation?> OperationAsync(Guid id, CancellationToken cancellation) => store.OperationAsync(id, cancellation);

    public Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null) => store.ActionsAsync(limit, cancellation, after);

    private async Task<Result<Operation>> PromoteAsync(string kind, Registry registry, Generation generation, string? actor, CancellationToken cancellation)
    {
        var action = $"{kind} to generation {generation.Number}";
        if (registry.Paused)
            return await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.Paused(Name), cancellation);
        if (generation.Purpose != Purpose.Rebuild || generation.State is not (GenerationState.Building or GenerationState.Ready or GenerationState.Retired))
            return await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.NotPromotable(Name, generation), cancellation);
        if (generation.Version != definition.Version && generation.State == GenerationState.Retired)
            return await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.OtherVersion(Name, generation.Number, generation.Version, definition.Version), cancellation);
        if (registry.UnderWay is { } other && other.Number != generation.Number)
            return await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.UnderWay(Name, other), cancellation);

        // Whoever promotes ends it.
        var operation = New(kind, generation.Number, actor);
        return await store.AskPromotionAsync(generation.Number, new Recording(operation, action), cancellation)
            ? Told(operation)
            : await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.Moved(Name, generation.Number), cancellation);
    }

    private async Task<Result<Operation>> CreateAsync(
        string kind, Registry registry, Func<Guid, GenerationRequest> request, string? actor, string action, CancellationToken cancellation)
    {
        if (registry.Paused)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.Paused(Name), cancellation);
        if (registry.UnderWay is { } other)
            return await RefuseAsync(kind, other.Number, actor, action, ProjectionErrors.UnderWay(Name, other), cancellation);
        var operation = New(kind, null, actor);
        var wanted = request(operation.Id);
        if (wanted.Snapshot is { } snapshot && registry.Generations.FirstOrDefault(generation => generation.Snapshot == snapshot && !generation.IsGone) is { } taken)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.SnapshotTaken(Name, snapshot, taken.Number), cancellation);

        if (await store.CreateAsync(wanted, operation, action, cancellation) is not { } number)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.UnderWay(Name, (await store.ReadAsync(cancellation)).Generations[^1]), cancellation);

        return Told(operation with { Generation = number });
    }

    private async Task<Result<Operation>> AskAsync(string kind, DeadLetterRequest request, string? key, string? actor, string action, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        if (registry.Paused)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.Paused(Name), cancellation);
        if (registry.Live is not { } live)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.NeverBuilt(Name), cancellation);

        var operation = New(kind, live.Number, actor);
        return await store.AskAsync(live.Number, key, request, new Recording(operation, action), cancellation) > 0
            ? Told(operation)
            : await RefuseAsync(kind, live.Number, actor, action, ProjectionErrors.NothingParked(Name, key), cancellation);
    }

    /// <summary>What is done as soon as it is asked for.</summary>
    private Recording Done(string kind, int? generation, string? actor, string action, string detail) =>
        new(New(kind, generation, actor) with { State = OperationState.Done, Detail = detail, EndedAt = clock.GetUtcNow() }, action);

    private Operation Told(Operation operation)
    {
        status.Changed.Pulse();
        return operation;
    }

    private async Task<Result<Operation>> RefuseAsync(string kind, int? generation, string? actor, string action, Error error, CancellationToken cancellation)
    {
        await store.RecordAsync(New(kind, generation, actor) with { State = OperationState.Refused, Detail = error.Detail, EndedAt = clock.GetUtcNow() }, action, cancellation);
        return error;
    }

    private Operation New(string kind, int? generation, string? actor) =>
        new(Guid.CreateVersion7(), kind, Name, generation, actor, OperationState.Running, null, null, clock.GetUtcNow(), null);

    private static string Word(Promotion promotion) => promotion.ToString().ToLowerInvariant();
}
