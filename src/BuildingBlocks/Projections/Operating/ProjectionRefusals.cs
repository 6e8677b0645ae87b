using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Examples of the errors that each request of an operator may return, for the documentation of routes.</summary>
public static class ProjectionRefusals
{
    private const string Name = "module.rows";
    private const string SnapshotName = "year-end";

    private static readonly Generation Building = Of(2, GenerationState.Building);
    private static readonly Generation Live = Of(1, GenerationState.Live);

    /// <summary>Errors of reads from a snapshot.</summary>
    public static Error Snapshot { get; } = SnapshotErrors.Unknown(Name, SnapshotName);

    /// <summary>Errors of a rebuild.</summary>
    public static Error[] Rebuild { get; } =
    [
        ProjectionErrors.UntilInFuture(DateTimeOffset.UnixEpoch),
        ProjectionErrors.Paused(Name),
        ProjectionErrors.UnderWay(Name, Building),
        ProjectionErrors.SnapshotTaken(Name, SnapshotName, 2),
    ];

    /// <summary>Errors of a verification.</summary>
    public static Error[] Verify { get; } =
    [
        ProjectionErrors.NeverBuilt(Name),
        ProjectionErrors.OtherVersion(Name, 1, 1, 2),
        ProjectionErrors.Paused(Name),
        ProjectionErrors.UnderWay(Name, Building),
    ];

    /// <summary>Errors of a promotion.</summary>
    public static Error[] Promote { get; } =
    [
        ProjectionErrors.Unknown(Name, 2),
        ProjectionErrors.Paused(Name),
        ProjectionErrors.NotPromotable(Name, Live),
        ProjectionErrors.OtherVersion(Name, 1, 1, 2),
        ProjectionErrors.UnderWay(Name, Building),
    ];

    /// <summary>Errors of a rollback.</summary>
    public static Error[] Rollback { get; } = [ProjectionErrors.NothingToRollBackTo(Name), .. Promote.Skip(1)];

    /// <summary>Errors of a cancellation.</summary>
    public static Error[] Cancel { get; } = [ProjectionErrors.Unknown(Name, 2), ProjectionErrors.NotCancellable(Name, Live)];

    /// <summary>Errors of a drop.</summary>
    public static Error[] Drop { get; } = [ProjectionErrors.Unknown(Name, 2), ProjectionErrors.NotDroppable(Name, Live)];

    /// <summary>Errors of a pause.</summary>
    public static Error[] Pause { get; } = [ProjectionErrors.Paused(Name)];

    /// <summary>Errors of a resumption.</summary>
    public static Error[] Resume { get; } = [ProjectionErrors.NotPaused(Name)];

    /// <summary>Errors of requests for dead letters.</summary>
    public static Error[] DeadLetters { get; } =
        [ProjectionErrors.Paused(Name), ProjectionErrors.NeverBuilt(Name), ProjectionErrors.NoDeadLetters(Name, null)];

    private static Generation Of(int number, GenerationState state) =>
        new(
            number,
            1,
            Purpose.Rebuild,
            state,
            Promotion.Auto,
            Operation: null,
            DateTimeOffset.UnixEpoch,
            EndedAt: null,
            Until: null,
            Snapshot: null,
            Targets: null,
            InMemory: false,
            Folded: null,
            RowHash: null,
            Reason: null,
            Cleaned: false);
}
