using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>A setting with one key and one value. An empty text is the same as a missing one.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Setting<T> : Setting
{
    private readonly T fallback;
    private readonly SettingReader<T> read;
    private readonly Func<string, string?>? redact;

    /// <summary>Declares the setting. The common kinds have factory methods, such as <see cref="Setting.WholeNumber"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="defaultText">The default in words.</param>
    /// <param name="values">The allowed values, as the end of the sentence <c>it must be …</c>.</param>
    /// <param name="meaning">The description.</param>
    /// <param name="read">Parses the text.</param>
    /// <param name="redact">Removes secrets from a text before it is shown in a message; null if it cannot be shown.</param>
    public Setting(
        string key,
        T fallback,
        string defaultText,
        string values,
        string meaning,
        SettingReader<T> read,
        Func<string, string?>? redact = null)
        : base(key, defaultText, values, meaning)
    {
        this.fallback = fallback;
        this.read = read;
        this.redact = redact;
    }

    /// <summary>The configured value, or the default.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">The setting is invalid.</exception>
    public T Of(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } text)
            return fallback;
        return read(text, out var value) ? value : throw new InvalidSettingException(ErrorOf(text));
    }

    /// <summary>Whether a value is configured.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public bool IsSet(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[Key]);

    /// <inheritdoc />
    public override bool Covers(string key) => key.Equals(Key, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override IEnumerable<string> Errors(IConfiguration configuration) =>
        configuration[Key] is { Length: > 0 } text && !read(text, out _) ? [ErrorOf(text)] : [];

    private string ErrorOf(string text) => (redact is null ? text : redact(text)) is { } visible
        ? $"The setting {Name} is '{visible}'; it must be {Values}."
        : $"The setting {Name} cannot be read; it must be {Values}.";
}
