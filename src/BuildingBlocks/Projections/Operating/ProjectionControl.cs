using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Writes the requests of operators to the registry; the runners of all hosts carry them out.</summary>
internal sealed class ProjectionControl(
    ProjectionDefinition definition,
    string module,
    IGenerationRegistry store,
    LogHeads heads,
    ProjectionStatus status,
    RateMeter rates,
    TimeProvider clock) : IProjectionControl
{
    public string Name => definition.Name;

    public Task<ProjectionReport> ReportAsync(CancellationToken cancellation) =>
        new ProjectionReporter(definition, module, store, heads, status, rates).MakeAsync(cancellation);

    public async Task<Result<Operation>> RebuildAsync(RebuildRequest request, string? actor, CancellationToken cancellation)
    {
        var purpose = request.Snapshot is null ? Purpose.Rebuild : Purpose.Snapshot;
        var action = purpose == Purpose.Rebuild
            ? $"rebuild, promote {Word(request.Promote)}"
            : $"snapshot {request.Snapshot} until {request.Until:O}";
        var registry = await store.ReadAsync(cancellation);
        if (request.Until > clock.GetUtcNow())
            return await RefuseAsync("rebuild", null, actor, action, ProjectionErrors.UntilInFuture(clock.GetUtcNow()), cancellation);
        var promotion = purpose == Purpose.Rebuild ? request.Promote : Promotion.None;
        return await CreateAsync(
            "rebuild",
            registry,
            id => new GenerationRequest(definition.Version, purpose, promotion, id, request.Until, request.Snapshot),
            actor,
            action,
            cancellation);
    }

    public async Task<Result<Operation>> VerifyAsync(string? actor, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        if (registry.Live is not { } live)
            return await RefuseAsync("verify", null, actor, "verify", ProjectionErrors.NeverBuilt(Name), cancellation);
        if (live.Version != definition.Version)
        {
            var otherVersion = ProjectionErrors.OtherVersion(Name, live.Number, live.Version, definition.Version);
            return await RefuseAsync("verify", live.Number, actor, "verify", otherVersion, cancellation);
        }

        return await CreateAsync(
            "verify",
            registry,
            id => new GenerationRequest(definition.Version, Purpose.Verify, Promotion.None, id),
            actor,
            "verify",
            cancellation);
    }

    public async Task<Result<Operation>> PromoteAsync(int generation, string? actor, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        if (registry.Find(generation) is { } found)
            return await PromoteAsync("promote", registry, found, actor, cancellation);
        var unknown = ProjectionErrors.Unknown(Name, generation);
        return await RefuseAsync("promote", generation, actor, $"promote to generation {generation}", unknown, cancellation);
    }

    public async Task<Result<Operation>> RollbackAsync(string? actor, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        var last = registry.Generations.Where(
            generation => generation.State == GenerationState.Retired).MaxBy(generation => generation.EndedAt);
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
        var outcome = found.IsCatchingUp ? "retired as before" : "cancelled";
        var done = Done("cancel", generation, actor, action, $"generation {generation} is {outcome}");
        var ended = found.IsCatchingUp
            ? await store.CancelCatchUpAsync(generation, reason, done, cancellation)
            : await store.EndAsync(generation, GenerationState.Cancelled, reason, done, cancellation);
        return ended
            ? Notify(done.Operation)
            : await RefuseAsync("cancel", generation, actor, action, ProjectionErrors.NotCancellable(Name, found), cancellation);
    }

    public async Task<Result<Operation>> DropAsync(int generation, string? actor, CancellationToken cancellation)
    {
        var action = $"drop generation {generation}";
        if ((await store.ReadAsync(cancellation)).Find(generation) is not { State: not GenerationState.Dropped } found)
            return await RefuseAsync("drop", generation, actor, action, ProjectionErrors.Unknown(Name, generation), cancellation);
        var done = Done("drop", generation, actor, action, $"generation {generation} is dropped");
        return found.Purpose != Purpose.Verify && await store.EndAsync(generation, GenerationState.Dropped, null, done, cancellation)
            ? Notify(done.Operation)
            : await RefuseAsync("drop", generation, actor, action, ProjectionErrors.NotDroppable(Name, found), cancellation);
    }

    public async Task<Result<Operation>> PauseAsync(string? actor, CancellationToken cancellation)
    {
        var done = Done("pause", null, actor, "pause", $"{Name} is paused on every host");
        return await store.SetPausedAsync(true, done, cancellation)
            ? Notify(done.Operation)
            : await RefuseAsync("pause", null, actor, "pause", ProjectionErrors.Paused(Name), cancellation);
    }

    public async Task<Result<Operation>> ResumeAsync(string? actor, CancellationToken cancellation)
    {
        var done = Done("resume", null, actor, "resume", $"{Name} goes on");
        return (await store.ReadAsync(cancellation)).Paused && await store.SetPausedAsync(false, done, cancellation)
            ? Notify(done.Operation)
            : await RefuseAsync("resume", null, actor, "resume", ProjectionErrors.NotPaused(Name), cancellation);
    }

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null) =>
        store.DeadLettersAsync(limit, cancellation, after);

    public Task<Result<Operation>> RequeueAsync(string? key, string? actor, CancellationToken cancellation) =>
        RequestAsync("requeue", DeadLetterRequest.Requeue, key, actor, key is null ? "requeue all" : $"requeue {key}", cancellation);

    public Task<Result<Operation>> DiscardAsync(string key, string reason, string? actor, CancellationToken cancellation) =>
        RequestAsync("discard", DeadLetterRequest.Discard, key, actor, $"discard {key}: {reason}", cancellation);

    public Task<Operation?> OperationAsync(Guid id, CancellationToken cancellation) => store.FindOperationAsync(id, cancellation);

    public Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null) =>
        store.ActionsAsync(limit, cancellation, after);

    private async Task<Result<Operation>> PromoteAsync(
        string kind, Registry registry, Generation generation, string? actor, CancellationToken cancellation)
    {
        var action = $"{kind} to generation {generation.Number}";
        if (RefusalOfPromotion(registry, generation) is { } refusal)
            return await RefuseAsync(kind, generation.Number, actor, action, refusal, cancellation);
        // The process that promotes the generation ends the operation.
        var operation = New(kind, generation.Number, actor);
        return await store.RequestPromotionAsync(generation.Number, new OperationRecord(operation, action), cancellation)
            ? Notify(operation)
            : await RefuseAsync(kind, generation.Number, actor, action, ProjectionErrors.Moved(Name, generation.Number), cancellation);
    }

    private Error? RefusalOfPromotion(Registry registry, Generation generation) => generation switch
    {
        _ when registry.Paused => ProjectionErrors.Paused(Name),
        { Purpose: not Purpose.Rebuild } or { State: not (GenerationState.Building or GenerationState.Ready or GenerationState.Retired) } =>
            ProjectionErrors.NotPromotable(Name, generation),
        { State: GenerationState.Retired } when generation.Version != definition.Version =>
            ProjectionErrors.OtherVersion(Name, generation.Number, generation.Version, definition.Version),
        _ when registry.UnderWay is { } other && other.Number != generation.Number => ProjectionErrors.UnderWay(Name, other),
        _ => null,
    };

    private async Task<Result<Operation>> CreateAsync(
        string kind, Registry registry, Func<Guid, GenerationRequest> request, string? actor, string action, CancellationToken cancellation)
    {
        if (registry.Paused)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.Paused(Name), cancellation);
        if (registry.UnderWay is { } other)
            return await RefuseAsync(kind, other.Number, actor, action, ProjectionErrors.UnderWay(Name, other), cancellation);
        var operation = New(kind, null, actor);
        var requested = request(operation.Id);
        var existing = registry.Generations.FirstOrDefault(generation => generation.Snapshot == requested.Snapshot && !generation.IsGone);
        if (requested.Snapshot is { } snapshot && existing is not null)
            return await RefuseAsync(
                kind, null, actor, action, ProjectionErrors.SnapshotTaken(Name, snapshot, existing.Number), cancellation);
        if (await store.CreateAsync(requested, operation, action, cancellation) is not { } number)
        {
            var newest = (await store.ReadAsync(cancellation)).Generations[^1];
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.UnderWay(Name, newest), cancellation);
        }

        return Notify(operation with { Generation = number });
    }

    private async Task<Result<Operation>> RequestAsync(
        string kind, DeadLetterRequest request, string? key, string? actor, string action, CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        if (registry.Paused)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.Paused(Name), cancellation);
        if (registry.Live is not { } live)
            return await RefuseAsync(kind, null, actor, action, ProjectionErrors.NeverBuilt(Name), cancellation);

        var operation = New(kind, live.Number, actor);
        return await store.AddRequestAsync(live.Number, key, request, new OperationRecord(operation, action), cancellation) > 0
            ? Notify(operation)
            : await RefuseAsync(kind, live.Number, actor, action, ProjectionErrors.NoDeadLetters(Name, key), cancellation);
    }

    // For a request that is carried out at once.
    private OperationRecord Done(string kind, int? generation, string? actor, string action, string detail) =>
        new(New(kind, generation, actor) with { State = OperationState.Done, Detail = detail, EndedAt = clock.GetUtcNow() }, action);

    private Operation Notify(Operation operation)
    {
        status.Changed.Pulse();
        return operation;
    }

    private async Task<Result<Operation>> RefuseAsync(
        string kind, int? generation, string? actor, string action, Error error, CancellationToken cancellation)
    {
        var refused = New(kind, generation, actor) with
        {
            State = OperationState.Refused, Detail = error.Detail, EndedAt = clock.GetUtcNow(),
        };
        await store.RecordAsync(refused, action, cancellation);
        return error;
    }

    private Operation New(string kind, int? generation, string? actor) =>
        new(Guid.CreateVersion7(), kind, Name, generation, actor, OperationState.Running, null, null, clock.GetUtcNow(), null);

    private static string Word(Promotion promotion) => promotion.ToString().ToLowerInvariant();
}
