namespace Monolith.BuildingBlocks.Modules;

/// <summary>A setting is invalid.</summary>
/// <param name="message">The setting, and what it must be.</param>
public sealed class InvalidSettingException(string message) : Exception(message);
