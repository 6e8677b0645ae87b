namespace Monolith.Host;

/// <summary>A setting has a value that means nothing; the message names it and says what would.</summary>
internal sealed class InvalidSettingException(string message) : Exception(message);
