using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>The declaration of a setting, by which it is read, checked at start and documented.</summary>
public abstract class Setting
{
    private protected Setting(string key, string defaultText, string values, string meaning)
    {
        Key = key;
        Default = defaultText;
        Values = values;
        Meaning = meaning;
    }

    /// <summary>The key in the configuration (<c>Log:Partitions</c>).</summary>
    public string Key { get; }

    /// <summary>The name of the environment variable (<c>Log__Partitions</c>).</summary>
    public string Name => NameOf(Key);

    /// <summary>The names of the environment variables: one, or those of a family.</summary>
    public virtual IEnumerable<string> Names => [Name];

    /// <summary>The default, in words.</summary>
    public string Default { get; }

    /// <summary>The allowed values, as the end of the sentence <c>it must be …</c>.</summary>
    public string Values { get; }

    /// <summary>The description.</summary>
    public string Meaning { get; }

    /// <summary>Whether a key of the configuration is this setting, or one of this family.</summary>
    /// <param name="key">The key.</param>
    public abstract bool Covers(string key);

    /// <summary>The errors in the configuration, one sentence each.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public abstract IEnumerable<string> Errors(IConfiguration configuration);

    /// <summary>Declares a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="meaning">The description.</param>
    /// <param name="defaultText">The default in words, if it depends on the machine.</param>
    public static Setting<int> WholeNumber(
        string key, int fallback, int min, int max, string meaning, string? defaultText = null) => new(
        key,
        fallback,
        defaultText ?? fallback.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        meaning,
        (string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max);

    /// <summary>Declares a time span, written as <c>days.hours:minutes:seconds</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="meaning">The description.</param>
    public static Setting<TimeSpan> Span(string key, TimeSpan fallback, string meaning) => new(
        key,
        fallback,
        fallback.ToString("d'.'hh':'mm':'ss", CultureInfo.InvariantCulture),
        "a span of time like 7.00:00:00 (days.hours:minutes:seconds)",
        meaning,
        (string text, out TimeSpan span) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span) && span >= TimeSpan.Zero);

    /// <summary>Declares one of some words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="meaning">The description.</param>
    /// <param name="words">The words; the first is the default.</param>
    public static Setting<string> OneOf(string key, string meaning, params string[] words) => new(
        key,
        words[0],
        words[0],
        string.Join(" or ", words),
        meaning,
        (string text, out string word) => words.Contains(word = text, StringComparer.Ordinal));

    /// <summary>Declares a text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="values">The allowed values in words.</param>
    /// <param name="meaning">The description.</param>
    /// <param name="isValid">Whether a text is allowed; any text by default.</param>
    /// <param name="defaultText">The default in words, if it differs from the text.</param>
    public static Setting<string> Text(
        string key, string fallback, string values, string meaning, Predicate<string>? isValid = null, string? defaultText = null) => new(
        key, fallback, defaultText ?? fallback, values, meaning, (string text, out string value) =>
        {
            value = text;
            return isValid?.Invoke(text) ?? true;
        });

    private protected static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>Parses the text of a setting.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="text">The configured text; never empty.</param>
/// <param name="value">The value; undefined if the text is invalid.</param>
/// <returns>Whether the text is valid.</returns>
public delegate bool SettingReader<T>(string text, out T value);
