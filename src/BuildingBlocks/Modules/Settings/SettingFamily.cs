using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>
/// Settings whose keys differ only in their last part (<c>Database:Passwords:customers_app</c>). Their values may be secret, so that no
/// message contains them. An empty text is the same as a missing one.
/// </summary>
public sealed class SettingFamily : Setting
{
    private readonly string section;
    private readonly string placeholder;
    private readonly Predicate<string> isValid;
    private readonly string[]? names;

    /// <summary>Declares the family.</summary>
    /// <param name="section">The key without its last part.</param>
    /// <param name="placeholder">A word for the last part (<c>role</c>).</param>
    /// <param name="defaultText">The default in words.</param>
    /// <param name="values">The allowed values.</param>
    /// <param name="meaning">The description.</param>
    /// <param name="isValid">Whether a text is allowed; any text by default.</param>
    /// <param name="names">The allowed last parts; any by default.</param>
    public SettingFamily(
        string section,
        string placeholder,
        string defaultText,
        string values,
        string meaning,
        Predicate<string>? isValid = null,
        IEnumerable<string>? names = null)
        : base($"{section}:<{placeholder}>", defaultText, values, meaning)
    {
        this.section = section;
        this.placeholder = placeholder;
        this.isValid = isValid ?? (_ => true);
        this.names = names is null ? null : [.. names];
    }

    /// <inheritdoc />
    public override IEnumerable<string> Names => names is null ? base.Names : names.Select(name => NameOf($"{section}:{name}"));

    /// <summary>Creates the same family with a list of allowed last parts.</summary>
    /// <param name="known">The last parts.</param>
    public SettingFamily Among(IEnumerable<string> known) => new(section, placeholder, Default, Values, Meaning, isValid, known);

    /// <summary>The value of one setting; null if it is missing.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="name">The last part of its key.</param>
    public string? Of(IConfiguration configuration, string name) =>
        configuration[$"{section}:{name}"] is { Length: > 0 } text ? text : null;

    /// <summary>All configured values, by the last part of their key.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public Dictionary<string, string> All(IConfiguration configuration) =>
        configuration.GetSection(section).GetChildren()
            .Where(child => !string.IsNullOrEmpty(child.Value))
            .ToDictionary(child => child.Key, child => child.Value!);

    /// <inheritdoc />
    public override bool Covers(string key) =>
        key.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase) && IsKnown(key[(section.Length + 1)..]);

    /// <inheritdoc />
    public override IEnumerable<string> Errors(IConfiguration configuration) =>
        All(configuration)
            .Where(entry => IsKnown(entry.Key) && !isValid(entry.Value))
            .Select(entry => $"The setting {NameOf($"{section}:{entry.Key}")} cannot be read; it must be {Values}.");

    private bool IsKnown(string name) => names is null || names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
