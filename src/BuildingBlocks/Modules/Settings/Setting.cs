using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>A setting as it is declared, once: by this it is read, checked at start and documented.</summary>
public abstract class Setting
{
    private protected Setting(string key, string usual, string values, string meaning)
    {
        Key = key;
        Default = usual;
        Values = values;
        Meaning = meaning;
    }

    /// <summary>The key as configuration has it (<c>Log:Partitions</c>).</summary>
    public string Key { get; }

    /// <summary>The key as one writes it into the environment (<c>Log__Partitions</c>).</summary>
    public string Name => NameOf(Key);

    /// <summary>The names that there are: one, or those of a family.</summary>
    public virtual IEnumerable<string> Names => [Name];

    /// <summary>What holds where nothing is said, in words.</summary>
    public string Default { get; }

    /// <summary>What it may be, so that it ends the sentence <c>it must be …</c>.</summary>
    public string Values { get; }

    /// <summary>What it does.</summary>
    public string Meaning { get; }

    /// <summary>Whether a key of the configuration is this setting, or one of this family.</summary>
    /// <param name="key">The key.</param>
    public abstract bool Covers(string key);

    /// <summary>What is wrong with what is configured, each in one sentence; empty where nothing is.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public abstract IEnumerable<string> Errors(IConfiguration configuration);

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds where nothing is said.</param>
    /// <param name="least">The smallest one.</param>
    /// <param name="most">The greatest one.</param>
    /// <param name="meaning">What it does.</param>
    /// <param name="usual">The fallback in words, where it is not the same on every machine.</param>
    public static Setting<int> WholeNumber(string key, int fallback, int least, int most, string meaning, string? usual = null) => new(
        key, fallback, usual ?? fallback.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), meaning,
        (string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);

    /// <summary>A span of time, written as <c>days.hours:minutes:seconds</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds where nothing is said.</param>
    /// <param name="meaning">What it does.</param>
    public static Setting<TimeSpan> Span(string key, TimeSpan fallback, string meaning) => new(
        key, fallback, fallback.ToString("d'.'hh':'mm':'ss", CultureInfo.InvariantCulture), "a span of time like 7.00:00:00 (days.hours:minutes:seconds)", meaning,
        (string text, out TimeSpan span) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span) && span >= TimeSpan.Zero);

    /// <summary>One of some words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="meaning">What it does.</param>
    /// <param name="words">The words; the first is what holds where nothing is said.</param>
    public static Setting<string> OneOf(string key, string meaning, params string[] words) => new(
        key, words[0], words[0], string.Join(" or ", words), meaning, (string text, out string word) => words.Contains(word = text, StringComparer.Ordinal));

    /// <summary>A text of some form.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds where nothing is said.</param>
    /// <param name="values">The form in words.</param>
    /// <param name="meaning">What it does.</param>
    /// <param name="isValid">Whether a text has the form; any has unless said.</param>
    /// <param name="usual">The fallback in words, where it is not written as such.</param>
    public static Setting<string> Text(string key, string fallback, string values, string meaning, Predicate<string>? isValid = null, string? usual = null) => new(
        key, fallback, usual ?? fallback, values, meaning, (string text, out string read) =>
        {
            read = text;
            return isValid?.Invoke(text) ?? true;
        });

    private protected static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
