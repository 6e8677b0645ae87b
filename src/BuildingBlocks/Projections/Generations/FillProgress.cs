namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>How far a build in memory is with the writing of its rows. A row costs about as much to write as an event to fold, so that both count in the time that is left.</summary>
/// <param name="Written">Rows that were given to the store.</param>
/// <param name="Left">Rows that are still to be written: those in memory, and those that the events to come will add if they are like those before.</param>
public readonly record struct FillProgress(long Written, long Left);
