using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Errors for requests of operators. Each says what to do instead.</summary>
internal static class ProjectionErrors
{
    public static Error UnderWay(string name, Generation generation) => Conflict(
        "generation-under-way",
        "A generation is under way",
        $"Generation {generation.Number} of {name} is {Word(generation)}: wait until it is done, "
        + $"or end it with: projections cancel {name} {generation.Number}");

    public static Error SnapshotTaken(string name, string snapshot, int number) => Conflict(
        "snapshot-taken",
        "The snapshot exists",
        $"{name} has a snapshot {snapshot} (generation {number}): choose another name, "
        + $"or drop it with: projections drop {name} {number}");

    public static Error UntilInFuture(DateTimeOffset now) => new(
        ErrorKind.Invalid, "invalid-request", "Invalid request", $"A snapshot is of the past: it is {now:yyyy-MM-dd'T'HH:mm:ss'Z'} now.")
    {
        Fields = new Dictionary<string, string[]> { ["until"] = ["Must not be in the future."] },
    };

    public static Error Unknown(string name, int number) => new(
        ErrorKind.NotFound,
        "generation-unknown",
        "No such generation",
        $"{name} has no generation {number}; projections show {name} lists those there are.");

    public static Error NotPromotable(string name, Generation generation) => Conflict(
        "generation-state",
        "The generation cannot be promoted",
        $"Generation {generation.Number} of {name} is {Word(generation)}: "
        + $"only one that is building, ready or retired can be promoted; {Instead(name, generation)}");

    public static Error Moved(string name, int number) => Conflict(
        "generation-state",
        "The generation cannot be promoted",
        $"Generation {number} of {name} came into another state meanwhile: look with: projections show {name}");

    public static Error NotCancellable(string name, Generation generation) => Conflict(
        "generation-state",
        "The generation cannot be cancelled",
        $"Generation {generation.Number} of {name} is {Word(generation)}: "
        + $"only one that is building or ready can be cancelled; {Instead(name, generation)}");

    public static Error NotDroppable(string name, Generation generation) => Conflict(
        "generation-state",
        "The generation cannot be dropped",
        $"Generation {generation.Number} of {name} is {Word(generation)}: "
        + $"only a retired one or a snapshot can be dropped; {Instead(name, generation)}");

    public static Error NothingToRollBackTo(string name) => Conflict(
        "nothing-to-roll-back",
        "Nothing to roll back to",
        $"{name} has no retired generation: rebuild it with: projections rebuild {name}");

    public static Error OtherVersion(string name, int generation, int has, int binary) => Conflict(
        "generation-version",
        "The generation is of another version",
        $"Generation {generation} of {name} is of version {has}, this host has version {binary}: "
        + $"ask a host of that version, or rebuild with: projections rebuild {name}");

    public static Error Paused(string name) =>
        Conflict("projection-paused", "The projection is paused", $"{name} is paused: go on with: projections resume {name}");

    public static Error NotPaused(string name) => Conflict(
        "projection-not-paused",
        "The projection is not paused",
        $"{name} is not paused, so that there is nothing to resume; projections show {name} says how far it is, "
        + $"and it is paused with: projections pause {name}");

    public static Error NeverBuilt(string name) => Conflict(
        "read-model-building",
        "The read model is being built",
        $"{name} is being built for the first time: wait until it is live (projections show {name}).");

    public static Error NoDeadLetters(string name, string? key) => new(
        ErrorKind.NotFound,
        "nothing-parked",
        "No dead letters",
        key is null
            ? $"The live generation of {name} has no dead letters, so there is nothing to apply again; "
                + $"dead-letters list --projection {name} shows those of its other generations."
            : $"The live generation of {name} has no dead letters of the key {key}; dead-letters list shows the existing ones.");

    private static string Instead(string name, Generation generation) => generation switch
    {
        { State: GenerationState.Live } => $"another takes its place with: projections rebuild {name}",
        { IsUnderWay: true } => $"this one is ended with: projections cancel {name} {generation.Number}",
        { State: GenerationState.Retired or GenerationState.Snapshot } =>
            $"this one is dropped with: projections drop {name} {generation.Number}",
        _ => $"only its entry is left, and a new one is built with: projections rebuild {name}",
    };

    private static string Word(Generation generation) =>
        generation.IsCatchingUp ? "being caught up" : generation.State.ToString().ToLowerInvariant();

    private static Error Conflict(string slug, string title, string detail) => new(ErrorKind.Conflict, slug, title, detail);
}
