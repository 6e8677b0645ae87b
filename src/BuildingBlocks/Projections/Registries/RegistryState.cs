using System.Text.Json;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The content of a document registry at one moment, and the steps that change it. A step that does not apply returns the same instance.
/// Rules and texts are those of the registry in PostgreSQL.
/// </summary>
internal sealed record RegistryState
{
    // The document is written as a whole with every step, so its history is limited.
    private const int MaxActions = 1_000;
    private const int MaxEndedOperations = 200;

    public int Format { get; init; } = RegistryJson.Format;

    public int NextNumber { get; init; } = 1;

    public bool Paused { get; init; }

    /// <summary>Why the rows of the live generation were lost; null if they were not, or another generation is live by now.</summary>
    public string? Lost { get; init; }

    public IReadOnlyList<GenerationEntry> Generations { get; init; } = [];

    public IReadOnlyList<OperationEntry> Operations { get; init; } = [];

    /// <summary>The record of operators, oldest first.</summary>
    public IReadOnlyList<OperatorAction> Actions { get; init; } = [];

    public GenerationEntry? Find(int number) => Generations.FirstOrDefault(entry => entry.Number == number);

    public GenerationEntry? Live => Generations.FirstOrDefault(entry => entry.Generation.State == GenerationState.Live);

    public GenerationEntry? UnderWay => Generations.FirstOrDefault(entry => entry.Generation.IsUnderWay);

    /// <summary>Whether partitions of a generation may be claimed.</summary>
    public bool IsOpen(int number) =>
        Find(number)?.Generation.State
            is GenerationState.Building or GenerationState.Ready or GenerationState.Live or GenerationState.Retired;

    /// <summary>Whether a generation is to be promoted.</summary>
    public bool IsToBePromoted(int number) =>
        Find(number)?.Generation is
        {
            Promotion: Promotion.Auto, State: GenerationState.Building or GenerationState.Ready or GenerationState.Retired,
        };

    /// <summary>Whether an existing generation prevents a new one.</summary>
    public bool Forbids(GenerationRequest request) => UnderWay is not null
        || (request.Snapshot is { } name && Generations.Any(entry => entry.Generation.Snapshot == name && !entry.Generation.IsGone));

    /// <summary>A new generation, building.</summary>
    public RegistryState Add(GenerationRequest request, DateTimeOffset now) => this with
    {
        NextNumber = NextNumber + 1,
        Generations =
        [
            .. Generations,
            new GenerationEntry(new Generation(
                NextNumber,
                request.Version,
                request.Purpose,
                GenerationState.Building,
                request.Promotion,
                request.Operation,
                now,
                EndedAt: null,
                request.Until,
                request.Snapshot,
                Targets: null,
                InMemory: false,
                Folded: null,
                RowHash: null,
                Reason: null,
                Cleaned: false)),
        ],
    };

    /// <summary>Changes one generation if a condition holds.</summary>
    public RegistryState Change(int number, Func<GenerationEntry, bool> condition, Func<GenerationEntry, GenerationEntry> change) =>
        Find(number) is { } found && condition(found)
            ? this with { Generations = [.. Generations.Select(entry => entry.Number == number ? change(entry) : entry)] }
            : this;

    public RegistryState Claim(
        int number,
        Guid builder,
        DateTimeOffset until,
        IReadOnlyDictionary<LogPartition, long>? folded,
        FillProgress? fill,
        DateTimeOffset now) => Change(
        number,
        entry => entry.CanBeClaimed(builder, now),
        entry => entry with
        {
            Builder = builder,
            BuilderUntil = until,
            Generation = entry.Generation.InMemory
                ? entry.Generation with { Folded = folded ?? entry.Generation.Folded, Fill = fill ?? entry.Generation.Fill }
                : entry.Generation with { Folded = null, Fill = null },
        });

    public RegistryState MarkReady(int number, string reason, DateTimeOffset now)
    {
        var next = Change(
            number,
            entry => entry.Generation.State == GenerationState.Building,
            entry => entry with
            {
                Generation = entry.Generation with { State = GenerationState.Ready, Promotion = Promotion.Manual, Reason = reason },
            });
        return next.EndingIf(this, number, OperationState.Done, $"generation {number}: {reason}", _ => true, now);
    }

    public RegistryState CancelCatchUp(int number, string reason, DateTimeOffset now)
    {
        var next = Change(
            number,
            entry => entry.Generation.IsCatchingUp,
            entry => entry with { Generation = entry.Generation with { Promotion = Promotion.None, Reason = reason } });
        return next.EndingIf(this, number, OperationState.Failed, $"generation {number}: {reason}", _ => true, now);
    }

    public RegistryState CompleteSnapshot(int number, string rowHash, DateTimeOffset now)
    {
        var next = Change(
            number,
            entry => entry.Generation.State == GenerationState.Building,
            entry => new GenerationEntry(entry.Generation with
            {
                State = GenerationState.Snapshot,
                Promotion = Promotion.None,
                RowHash = rowHash,
                EndedAt = now,
                InMemory = false,
                Folded = null,
            }));
        var detail = $"the snapshot {Find(number)?.Generation.Snapshot} is kept as generation {number}";
        return next.EndingIf(this, number, OperationState.Done, detail, _ => true, now);
    }

    public RegistryState RequestPromotion(int number, Guid operation) => Change(
        number,
        entry => (UnderWay is null || UnderWay.Number == number) && entry.Generation is
        {
            Purpose: Purpose.Rebuild, State: GenerationState.Building or GenerationState.Ready or GenerationState.Retired,
        },
        entry => entry with { Generation = entry.Generation with { Promotion = Promotion.Auto, Operation = operation } });

    /// <summary>Makes a generation live; the live one is retired.</summary>
    public RegistryState Promote(int number, DateTimeOffset now)
    {
        var next = this with
        {
            Lost = null,
            Generations =
            [
                .. Generations.Select(entry => entry switch
                {
                    _ when entry.Number == number => Promoted(entry),
                    { Generation.State: GenerationState.Live } => Retired(entry, now),
                    _ => entry,
                }),
            ],
        };
        return next.EndOperations(
            number,
            OperationState.Done,
            $"generation {number} is live",
            kind => kind is "rebuild" or "upgrade" or "promote" or "rollback" or "build",
            now);
    }

    /// <summary>Ends a generation that is not live.</summary>
    public RegistryState End(int number, GenerationState state, string? reason, DateTimeOffset now)
    {
        var next = Change(number, entry => MayEnd(entry.Generation, state), entry => Ended(entry, state, reason, now));
        var outcome = state == GenerationState.Dropped ? OperationState.Done : OperationState.Failed;
        return next.EndingIf(this, number, outcome, reason ?? $"generation {number} is {Word(state)}", EndsWithItsGeneration, now);
    }

    /// <summary>
    /// Fails a generation whose rows are unusable, in any state. If no generation is live or under way then, adds one in its place.
    /// </summary>
    public RegistryState FailLost(int number, string reason, ProjectionDefinition projection, DateTimeOffset now)
    {
        if (Find(number) is not { Generation: { IsGone: false } lost })
            return this;
        var next = Change(number, _ => true, entry => Ended(entry, GenerationState.Failed, reason, now))
            .EndOperations(number, OperationState.Failed, reason, EndsWithItsGeneration, now);
        if (lost.State == GenerationState.Live)
            next = next with { Lost = reason };
        if (next.Live is not null || next.UnderWay is not null)
            return next;
        var operation = new Operation(
            Guid.CreateVersion7(), "rebuild", projection.Name, next.NextNumber, null, OperationState.Running, null, null, now, null);
        return next.Add(new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, operation.Id), now)
            .Record(operation, $"rebuild in place of generation {number}, by itself", now);
    }

    /// <summary>Adds an operation, and an entry to the record of operators.</summary>
    public RegistryState Record(Operation operation, string action, DateTimeOffset now, UndeliveredRequest? undelivered = null) =>
        (this with { Operations = [.. Operations, new OperationEntry(operation, action, undelivered)] })
            .WithAction(operation, action, now).Bounded();

    public UndeliveredRequest? UndeliveredRequestOf(Guid operation) =>
        Operations.FirstOrDefault(entry => entry.Operation.Id == operation)?.Undelivered;

    public RegistryState WithDeliveredRequest(Guid operation) => UndeliveredRequestOf(operation) is null
        ? this
        : this with
        {
            Operations = [.. Operations.Select(entry => entry.Operation.Id == operation ? entry with { Undelivered = null } : entry)],
        };

    /// <summary>The record of operators after a cursor, newest first.</summary>
    public IReadOnlyList<OperatorAction> ActionsAfter(ActionCursor? after, int limit) =>
    [
        .. Actions.Where(action => after is not { } cursor || IsAfter(action, cursor))
            .OrderByDescending(action => action.At).ThenByDescending(action => action.Operation).ThenByDescending(action => action.Sequence)
            .Take(limit),
    ];

    /// <summary>Ends a running operation.</summary>
    public RegistryState EndOperation(Guid operation, OperationState state, string detail, JsonElement? result, DateTimeOffset now) =>
        EndOperations(entry => entry.Id == operation, state, detail, result, now);

    private RegistryState EndingIf(
        RegistryState before, int number, OperationState state, string detail, Func<string, bool> kinds, DateTimeOffset now) =>
        ReferenceEquals(this, before) ? before : EndOperations(number, state, detail, kinds, now);

    private RegistryState EndOperations(int number, OperationState state, string detail, Func<string, bool> kinds, DateTimeOffset now) =>
        EndOperations(operation => operation.Generation == number && kinds(operation.Kind), state, detail, null, now);

    private RegistryState EndOperations(
        Func<Operation, bool> which, OperationState state, string detail, JsonElement? result, DateTimeOffset now)
    {
        var next = this;
        foreach (var entry in Operations.Where(entry => entry.Operation.State == OperationState.Running && which(entry.Operation)))
        {
            var ended = entry.Operation with { State = state, Detail = detail, Result = result, EndedAt = now };
            var operations = next.Operations.Select(other => other.Operation.Id == ended.Id ? other with { Operation = ended } : other);
            next = (next with { Operations = [.. operations] }).WithAction(ended, entry.Action, now);
        }

        return next.Bounded();
    }

    private RegistryState WithAction(Operation operation, string action, DateTimeOffset now) => this with
    {
        Actions =
        [
            .. Actions.Skip(Math.Max(0, Actions.Count + 1 - MaxActions)),
            new OperatorAction(
                now,
                operation.Id,
                operation.Actor,
                action,
                operation.Projection,
                operation.Generation,
                operation.State,
                operation.Detail,
                Actions.Count == 0 ? 1 : Actions[^1].Sequence + 1),
        ],
    };

    private RegistryState Bounded()
    {
        var tooMany = Operations.Count(entry => entry.Operation.State != OperationState.Running) - MaxEndedOperations;
        return tooMany <= 0
            ? this
            : this with { Operations = [.. Operations.Where(entry => entry.Operation.State == OperationState.Running || tooMany-- <= 0)] };
    }

    private static bool IsAfter(OperatorAction action, ActionCursor cursor) =>
        (action.At, action.Operation, action.Sequence).CompareTo((cursor.At, cursor.Operation, cursor.Sequence)) < 0;

    private static GenerationEntry Promoted(GenerationEntry entry) => new(entry.Generation with
    {
        State = GenerationState.Live,
        Promotion = Promotion.None,
        EndedAt = null,
        Reason = null,
        InMemory = false,
        Folded = null,
        Operation = null,
    });

    private static GenerationEntry Retired(GenerationEntry entry, DateTimeOffset now) => entry with
    {
        BlockedUntil = null,
        Generation = entry.Generation with { State = GenerationState.Retired, Promotion = Promotion.None, EndedAt = now },
    };

    private static bool MayEnd(Generation generation, GenerationState state) => state == GenerationState.Dropped
        ? generation is { State: GenerationState.Retired or GenerationState.Snapshot, Promotion: not Promotion.Auto }
            or { Purpose: Purpose.Verify, State: GenerationState.Building }
        : generation.State is GenerationState.Building or GenerationState.Ready;

    private static GenerationEntry Ended(GenerationEntry entry, GenerationState state, string? reason, DateTimeOffset now) =>
        new(entry.Generation with
        {
            State = state,
            Promotion = Promotion.None,
            Reason = reason ?? entry.Generation.Reason,
            EndedAt = now,
            InMemory = false,
            Folded = null,
        });

    private static bool EndsWithItsGeneration(string kind) => kind is "rebuild" or "upgrade" or "promote" or "build" or "verify";

    private static string Word(GenerationState state) => state.ToString().ToLowerInvariant();
}
