using System.Text.Json;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// Everything that a document registry holds, at one moment, and the steps from one moment to the next. A step that does not apply gives the same instance back. The words and rules are those of the
/// registry in PostgreSQL.
/// </summary>
internal sealed record RegistryState
{
    /// <summary>The document is written whole with every step: of what has ended, so much is kept.</summary>
    private const int MostActions = 1_000;
    private const int MostEndedOperations = 200;

    public int Format { get; init; } = RegistryJson.Format;

    /// <summary>The number that the next generation gets.</summary>
    public int NextNumber { get; init; } = 1;

    public bool Paused { get; init; }

    /// <summary>Why the live rows had to be thrown away; null where they are there, or there never were any.</summary>
    public string? Lost { get; init; }

    public IReadOnlyList<GenerationEntry> Generations { get; init; } = [];

    public IReadOnlyList<OperationEntry> Operations { get; init; } = [];

    /// <summary>The record of operators, oldest first.</summary>
    public IReadOnlyList<OperatorAction> Actions { get; init; } = [];

    public GenerationEntry? Find(int number) => Generations.FirstOrDefault(entry => entry.Number == number);

    public GenerationEntry? Live => Generations.FirstOrDefault(entry => entry.Generation.State == GenerationState.Live);

    public GenerationEntry? UnderWay => Generations.FirstOrDefault(entry => entry.Generation.IsUnderWay);

    /// <summary>Whether partitions of a generation may be taken over.</summary>
    public bool IsOpen(int number) =>
        Find(number)?.Generation.State is GenerationState.Building or GenerationState.Ready or GenerationState.Live or GenerationState.Retired;

    /// <summary>Whether a generation is to be promoted.</summary>
    public bool IsToBePromoted(int number) =>
        Find(number)?.Generation is { Promotion: Promotion.Auto, State: GenerationState.Building or GenerationState.Ready or GenerationState.Retired };

    /// <summary>Whether another generation is in the way of a new one.</summary>
    public bool Forbids(GenerationRequest request) =>
        UnderWay is not null || (request.Snapshot is not null && Generations.Any(entry => entry.Generation.Snapshot == request.Snapshot && !entry.Generation.IsGone));

    /// <summary>A new generation, building.</summary>
    public RegistryState Add(GenerationRequest request, DateTimeOffset now) => this with
    {
        NextNumber = NextNumber + 1,
        Generations =
        [
            .. Generations,
            new GenerationEntry(new Generation(
                NextNumber, request.Version, request.Purpose, GenerationState.Building, request.Promotion, request.Operation, now, null, request.Until, request.Snapshot, null, false, null, null, null, false)),
        ],
    };

    /// <summary>Changes one generation, where a condition holds.</summary>
    public RegistryState Change(int number, Func<GenerationEntry, bool> condition, Func<GenerationEntry, GenerationEntry> change) =>
        Find(number) is { } found && condition(found)
            ? this with { Generations = [.. Generations.Select(entry => entry.Number == number ? change(entry) : entry)] }
            : this;

    public RegistryState Claim(int number, Guid builder, DateTimeOffset until, IReadOnlyDictionary<LogPartition, long>? folded, FillProgress? fill, DateTimeOffset now) => Change(
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
            entry => entry with { Generation = entry.Generation with { State = GenerationState.Ready, Promotion = Promotion.Manual, Reason = reason } });
        return next.EndingIf(this, number, OperationState.Done, $"generation {number}: {reason}", _ => true, now);
    }

    public RegistryState StayRetired(int number, string reason, DateTimeOffset now)
    {
        var next = Change(number, entry => entry.Generation.IsReturning, entry => entry with { Generation = entry.Generation with { Promotion = Promotion.None, Reason = reason } });
        return next.EndingIf(this, number, OperationState.Failed, $"generation {number}: {reason}", _ => true, now);
    }

    public RegistryState Keep(int number, string rowHash, DateTimeOffset now)
    {
        var next = Change(
            number,
            entry => entry.Generation.State == GenerationState.Building,
            entry => new GenerationEntry(
                entry.Generation with { State = GenerationState.Snapshot, Promotion = Promotion.None, RowHash = rowHash, EndedAt = now, InMemory = false, Folded = null }));
        return next.EndingIf(this, number, OperationState.Done, $"the snapshot {Find(number)?.Generation.Snapshot} is kept as generation {number}", _ => true, now);
    }

    public RegistryState AskPromotion(int number, Guid operation) => Change(
        number,
        entry => entry.Generation is { Purpose: Purpose.Rebuild, State: GenerationState.Building or GenerationState.Ready or GenerationState.Retired } && (UnderWay is null || UnderWay.Number == number),
        entry => entry with { Generation = entry.Generation with { Promotion = Promotion.Auto, Operation = operation } });

    /// <summary>The flip: the live one is retired, and a generation takes its place.</summary>
    public RegistryState Promote(int number, DateTimeOffset now) =>
        (this with
        {
            Lost = null,
            Generations =
            [
                .. Generations.Select(entry =>
                    entry.Number == number
                        ? new GenerationEntry(entry.Generation with
                        {
                            State = GenerationState.Live, Promotion = Promotion.None, EndedAt = null, Reason = null, InMemory = false, Folded = null, Operation = null,
                        })
                        : entry.Generation.State == GenerationState.Live
                            ? entry with { HeldUntil = null, Generation = entry.Generation with { State = GenerationState.Retired, Promotion = Promotion.None, EndedAt = now } }
                            : entry),
            ],
        }).EndOperations(number, OperationState.Done, $"generation {number} is live", kind => kind is "rebuild" or "upgrade" or "promote" or "rollback" or "build", now);

    /// <summary>Ends a generation that is not live.</summary>
    public RegistryState End(int number, GenerationState state, string? reason, DateTimeOffset now)
    {
        var next = Change(number, entry => MayEnd(entry.Generation, state), entry => Ended(entry, state, reason, now));
        return next.EndingIf(
            this, number, state == GenerationState.Dropped ? OperationState.Done : OperationState.Failed, reason ?? $"generation {number} is {Word(state)}", EndsWithItsGeneration, now);
    }

    /// <summary>
    /// Fails a generation whose rows are broken, whatever its state. Where that leaves nothing live, and nothing under way, another one is begun in its place.
    /// </summary>
    public RegistryState Lose(int number, string reason, ProjectionDefinition projection, DateTimeOffset now)
    {
        if (Find(number) is not { Generation: { IsGone: false } lost })
            return this;
        var next = Change(number, _ => true, entry => Ended(entry, GenerationState.Failed, reason, now)).EndOperations(number, OperationState.Failed, reason, EndsWithItsGeneration, now);
        if (lost.State == GenerationState.Live)
            next = next with { Lost = reason };
        if (next.Live is not null || next.UnderWay is not null)
            return next;
        var operation = new Operation(Guid.CreateVersion7(), "rebuild", projection.Name, next.NextNumber, null, OperationState.Running, null, null, now, null);
        return next.Add(new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, operation.Id), now).Record(operation, $"rebuild in place of generation {number}, by itself", now);
    }

    /// <summary>Adds an operation, and to the record that it was asked for.</summary>
    public RegistryState Record(Operation operation, string action, DateTimeOffset now, OpenRequest? asking = null) =>
        (this with { Operations = [.. Operations, new OperationEntry(operation, action, asking)] }).Told(operation, action, now).Bounded();

    /// <summary>What an operation asks of parked events that has not come to the rows yet; null where nothing is.</summary>
    public OpenRequest? RequestOf(Guid operation) => Operations.FirstOrDefault(entry => entry.Operation.Id == operation)?.Asking;

    /// <summary>What an operation asks of parked events has come to the rows.</summary>
    public RegistryState CarriedOut(Guid operation) => RequestOf(operation) is null
        ? this
        : this with { Operations = [.. Operations.Select(entry => entry.Operation.Id == operation ? entry with { Asking = null } : entry)] };

    /// <summary>The record of operators, newest first, from a place on.</summary>
    public IReadOnlyList<OperatorAction> ActionsAfter(ActionCursor? after, int limit) =>
    [
        .. Actions.Where(action => after is not { } place || (action.At, action.Operation, action.Sequence).CompareTo((place.At, place.Operation, place.Sequence)) < 0)
            .OrderByDescending(action => action.At).ThenByDescending(action => action.Operation).ThenByDescending(action => action.Sequence)
            .Take(limit),
    ];

    /// <summary>Ends an operation that still runs.</summary>
    public RegistryState EndOperation(Guid operation, OperationState state, string detail, JsonElement? result, DateTimeOffset now) =>
        EndOperations(entry => entry.Id == operation, state, detail, result, now);

    private RegistryState EndingIf(RegistryState before, int number, OperationState state, string detail, Func<string, bool> kinds, DateTimeOffset now) =>
        ReferenceEquals(this, before) ? before : EndOperations(number, state, detail, kinds, now);

    private RegistryState EndOperations(int number, OperationState state, string detail, Func<string, bool> kinds, DateTimeOffset now) =>
        EndOperations(operation => operation.Generation == number && kinds(operation.Kind), state, detail, null, now);

    private RegistryState EndOperations(Func<Operation, bool> which, OperationState state, string detail, JsonElement? result, DateTimeOffset now)
    {
        var next = this;
        foreach (var entry in Operations.Where(entry => entry.Operation.State == OperationState.Running && which(entry.Operation)))
        {
            var ended = entry.Operation with { State = state, Detail = detail, Result = result, EndedAt = now };
            next = (next with { Operations = [.. next.Operations.Select(other => other.Operation.Id == ended.Id ? other with { Operation = ended } : other)] }).Told(ended, entry.Action, now);
        }

        return next.Bounded();
    }

    // The record is only added to, and says what every change was.
    private RegistryState Told(Operation operation, string action, DateTimeOffset now) => this with
    {
        Actions =
        [
            .. Actions.Skip(Math.Max(0, Actions.Count + 1 - MostActions)),
            new OperatorAction(now, operation.Id, operation.Actor, action, operation.Projection, operation.Generation, operation.State, operation.Detail, Actions.Count == 0 ? 1 : Actions[^1].Sequence + 1),
        ],
    };

    private RegistryState Bounded()
    {
        var tooMany = Operations.Count(entry => entry.Operation.State != OperationState.Running) - MostEndedOperations;
        return tooMany <= 0 ? this : this with { Operations = [.. Operations.Where(entry => entry.Operation.State == OperationState.Running || tooMany-- <= 0)] };
    }

    private static bool MayEnd(Generation generation, GenerationState state) => state == GenerationState.Dropped
        ? generation is { State: GenerationState.Retired or GenerationState.Snapshot, Promotion: not Promotion.Auto } or { Purpose: Purpose.Verify, State: GenerationState.Building }
        : generation.State is GenerationState.Building or GenerationState.Ready;

    private static GenerationEntry Ended(GenerationEntry entry, GenerationState state, string? reason, DateTimeOffset now) => new(
        entry.Generation with { State = state, Promotion = Promotion.None, Reason = reason ?? entry.Generation.Reason, EndedAt = now, InMemory = false, Folded = null });

    private static bool EndsWithItsGeneration(string kind) => kind is "rebuild" or "upgrade" or "promote" or "build" or "verify";

    private static string Word(GenerationState state) => state.ToString().ToLowerInvariant();
}
