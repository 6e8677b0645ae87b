namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>On routes whose requests do not count among those that are worked on: they stay open, or ask how the host is.</summary>
internal sealed class BypassRequestLimit;
