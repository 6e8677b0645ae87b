namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>The store refuses the data of a batch, and would refuse it again.</summary>
/// <param name="reason">What the store said, without the data.</param>
/// <param name="inner">The store's exception.</param>
public sealed class RowsRefusedException(string reason, Exception inner) : Exception(reason, inner);
