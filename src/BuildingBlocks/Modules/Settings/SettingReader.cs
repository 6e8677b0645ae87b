namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>Reads the text of a setting; false where it means nothing.</summary>
/// <typeparam name="T">What it is read into.</typeparam>
/// <param name="text">What is configured; never empty.</param>
/// <param name="value">What it means; worth nothing where it means nothing.</param>
public delegate bool SettingReader<T>(string text, out T value);
