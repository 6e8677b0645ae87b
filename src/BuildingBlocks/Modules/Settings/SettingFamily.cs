using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>
/// Settings that differ in the last part of their key alone (<c>Database:Passwords:customers_app</c>). What they hold may be secret: no message repeats it. An empty text is as if nothing were said.
/// </summary>
public sealed class SettingFamily : Setting
{
    private readonly string section;
    private readonly string placeholder;
    private readonly Predicate<string> isValid;
    private readonly string[]? names;

    /// <summary>Declares the family.</summary>
    /// <param name="section">All of the key but its last part.</param>
    /// <param name="placeholder">What the last part is, in a word (<c>role</c>).</param>
    /// <param name="usual">What holds where nothing is said, in words.</param>
    /// <param name="values">What each may be.</param>
    /// <param name="meaning">What they do.</param>
    /// <param name="isValid">Whether a text is one of these; any is unless said.</param>
    /// <param name="names">The last parts that there are; any unless said.</param>
    public SettingFamily(string section, string placeholder, string usual, string values, string meaning, Predicate<string>? isValid = null, IEnumerable<string>? names = null)
        : base($"{section}:<{placeholder}>", usual, values, meaning)
    {
        this.section = section;
        this.placeholder = placeholder;
        this.isValid = isValid ?? (_ => true);
        this.names = names is null ? null : [.. names];
    }

    /// <inheritdoc />
    public override IEnumerable<string> Names => names is null ? base.Names : names.Select(name => NameOf($"{section}:{name}"));

    /// <summary>The same family where it is known which last parts there are.</summary>
    /// <param name="known">The last parts.</param>
    public SettingFamily Among(IEnumerable<string> known) => new(section, placeholder, Default, Values, Meaning, isValid, known);

    /// <summary>One of the family; null where nothing is said.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="name">The last part of its key.</param>
    public string? Of(IConfiguration configuration, string name) => configuration[$"{section}:{name}"] is { Length: > 0 } text ? text : null;

    /// <summary>All that are configured, by the last part of their key.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public Dictionary<string, string> All(IConfiguration configuration) =>
        configuration.GetSection(section).GetChildren().Where(child => !string.IsNullOrEmpty(child.Value)).ToDictionary(child => child.Key, child => child.Value!);

    /// <inheritdoc />
    public override bool Covers(string key) =>
        key.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase) && Has(key[(section.Length + 1)..]);

    /// <inheritdoc />
    public override IEnumerable<string> Errors(IConfiguration configuration) =>
        All(configuration).Where(entry => Has(entry.Key) && !isValid(entry.Value)).Select(entry => $"The setting {NameOf($"{section}:{entry.Key}")} cannot be read; it must be {Values}.");

    private bool Has(string name) => names is null || names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
