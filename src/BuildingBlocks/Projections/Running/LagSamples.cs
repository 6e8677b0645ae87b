namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>How events became visible in the live read models of this process.</summary>
/// <param name="Late">How many took clearly longer than nearly all do while nothing is being built.</param>
/// <param name="OnTime">How many did not.</param>
/// <param name="IsIdle">Nothing has become visible for a while: there is nobody to rest for.</param>
internal readonly record struct LagSamples(int Late, int OnTime, bool IsIdle);
