namespace Monolith.BuildingBlocks.Modules;

/// <summary>A setting has a value that means nothing; the message names it and says what would.</summary>
/// <param name="message">Which setting, and what it must be.</param>
public sealed class InvalidSettingException(string message) : Exception(message);
