using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>A setting with one key and one value. An empty text is as if nothing were said.</summary>
/// <typeparam name="T">What it is read into.</typeparam>
public sealed class Setting<T> : Setting
{
    private readonly T fallback;
    private readonly SettingReader<T> read;
    private readonly Func<string, string?>? shown;

    /// <summary>Declares the setting; the usual kinds have words of their own (<see cref="Setting.WholeNumber"/>).</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What holds where nothing is said.</param>
    /// <param name="usual">The fallback in words.</param>
    /// <param name="values">What it may be: it ends the sentence <c>it must be …</c>.</param>
    /// <param name="meaning">What it does.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="shown">What a message may show of it, null for nothing, where it may hold a secret; all of it unless said.</param>
    public Setting(string key, T fallback, string usual, string values, string meaning, SettingReader<T> read, Func<string, string?>? shown = null)
        : base(key, usual, values, meaning)
    {
        this.fallback = fallback;
        this.read = read;
        this.shown = shown;
    }

    /// <summary>What is configured, else what holds where nothing is said.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">The setting means nothing.</exception>
    public T Of(IConfiguration configuration) =>
        configuration[Key] is not { Length: > 0 } text ? fallback : read(text, out var value) ? value : throw new InvalidSettingException(Fault(text));

    /// <summary>Whether anything is configured.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public bool IsSet(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[Key]);

    /// <inheritdoc />
    public override bool Covers(string key) => key.Equals(Key, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override IEnumerable<string> Errors(IConfiguration configuration) => configuration[Key] is { Length: > 0 } text && !read(text, out _) ? [Fault(text)] : [];

    private string Fault(string text) => (shown is null ? text : shown(text)) is { } visible
        ? $"The setting {Name} is '{visible}'; it must be {Values}."
        : $"The setting {Name} cannot be read; it must be {Values}.";
}
