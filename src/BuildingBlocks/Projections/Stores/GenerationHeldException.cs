namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>The generation is held for a moment, so that its successor can reach it; nothing was written.</summary>
/// <param name="inner">What the store said.</param>
public sealed class GenerationHeldException(Exception? inner = null) : Exception("The generation is held for a moment, so that its successor can reach it.", inner);
