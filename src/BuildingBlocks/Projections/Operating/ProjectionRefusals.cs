using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>What each question may be refused with, as an example: the errors themselves, for whoever documents the routes that ask.</summary>
public static class ProjectionRefusals
{
    private const string Name = "module.rows";
    private const string Taken = "year-end";

    private static readonly Generation Building = Of(2, GenerationState.Building);
    private static readonly Generation Live = Of(1, GenerationState.Live);

    /// <summary>Of a question about a snapshot.</summary>
    public static Error Snapshot { get; } = SnapshotErrors.Unknown(Name, Taken);

    /// <summary>Of a rebuild.</summary>
    public static Error[] Rebuild { get; } =
        [ProjectionErrors.UntilInFuture(DateTimeOffset.UnixEpoch), ProjectionErrors.Paused(Name), ProjectionErrors.UnderWay(Name, Building), ProjectionErrors.SnapshotTaken(Name, Taken, 2)];

    /// <summary>Of a verification.</summary>
    public static Error[] Verify { get; } =
        [ProjectionErrors.NeverBuilt(Name), ProjectionErrors.OtherVersion(Name, 1, 1, 2), ProjectionErrors.Paused(Name), ProjectionErrors.UnderWay(Name, Building)];

    /// <summary>Of a promotion.</summary>
    public static Error[] Promote { get; } =
        [ProjectionErrors.Unknown(Name, 2), ProjectionErrors.Paused(Name), ProjectionErrors.NotPromotable(Name, Live), ProjectionErrors.OtherVersion(Name, 1, 1, 2), ProjectionErrors.UnderWay(Name, Building)];

    /// <summary>Of a way back.</summary>
    public static Error[] Rollback { get; } = [ProjectionErrors.NothingToRollBackTo(Name), .. Promote.Skip(1)];

    /// <summary>Of a cancellation.</summary>
    public static Error[] Cancel { get; } = [ProjectionErrors.Unknown(Name, 2), ProjectionErrors.NotCancellable(Name, Live)];

    /// <summary>Of a drop.</summary>
    public static Error[] Drop { get; } = [ProjectionErrors.Unknown(Name, 2), ProjectionErrors.NotDroppable(Name, Live)];

    /// <summary>Of a pause.</summary>
    public static Error[] Pause { get; } = [ProjectionErrors.Paused(Name)];

    /// <summary>Of its end.</summary>
    public static Error[] Resume { get; } = [ProjectionErrors.NotPaused(Name)];

    /// <summary>Of what is asked about parked events.</summary>
    public static Error[] Parked { get; } = [ProjectionErrors.Paused(Name), ProjectionErrors.NeverBuilt(Name), ProjectionErrors.NothingParked(Name, null)];

    private static Generation Of(int number, GenerationState state) =>
        new(number, 1, Purpose.Rebuild, state, Promotion.Auto, null, DateTimeOffset.UnixEpoch, null, null, null, null, InMemory: false, null, null, null, Cleaned: false);
}
