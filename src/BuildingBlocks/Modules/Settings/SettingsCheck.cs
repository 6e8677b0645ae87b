using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>Checks the whole configuration at start.</summary>
/// <param name="declared">All settings.</param>
/// <param name="shared">Sections in which other libraries, such as .NET itself, may have settings too.</param>
public sealed class SettingsCheck(IReadOnlyList<Setting> declared, params string[] shared)
{
    /// <summary>Refuses invalid values, and unknown keys in sections that are not shared: a typo would silently mean the default.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">All errors in one message.</exception>
    public void Require(IConfiguration configuration)
    {
        string[] errors =
        [
            .. declared.SelectMany(setting => setting.Errors(configuration)),
            .. Sections().Except(shared).SelectMany(section => Unread(configuration, section)),
        ];
        if (errors.Length > 0)
            throw new InvalidSettingException(string.Join(' ', errors));
    }

    /// <summary>The unknown keys of a section, one sentence each.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="section">The section.</param>
    public IEnumerable<string> Unread(IConfiguration configuration, string section) =>
        from entry in configuration.GetSection(section).AsEnumerable()
        where entry.Key.Contains(':', StringComparison.Ordinal) && !string.IsNullOrEmpty(entry.Value)
        where !declared.Any(setting => setting.Covers(entry.Key))
        let name = entry.Key.Replace(":", "__", StringComparison.Ordinal)
        select $"There is no setting {name}; there are {string.Join(", ", NamesIn(section))}.";

    private IEnumerable<string> Sections() =>
        declared.Select(setting => setting.Key.Split(':')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct();

    private IEnumerable<string> NamesIn(string section) =>
        declared.Where(setting => setting.Key.StartsWith($"{section}:", StringComparison.Ordinal)).SelectMany(setting => setting.Names);
}
