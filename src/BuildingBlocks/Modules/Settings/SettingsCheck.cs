using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Modules.Settings;

/// <summary>Looks at the whole configuration at start, so that nothing that is wrong in it shows only later.</summary>
/// <param name="declared">Every setting that there is.</param>
/// <param name="shared">Sections that others may have entries in too, such as .NET's own.</param>
public sealed class SettingsCheck(IReadOnlyList<Setting> declared, params string[] shared)
{
    /// <summary>Refuses what means nothing, and what nobody reads in a section that is ours alone: a slip in a key would otherwise be the default, silently.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">All that is wrong, in one message.</exception>
    public void Require(IConfiguration configuration)
    {
        string[] faults = [.. declared.SelectMany(setting => setting.Errors(configuration)), .. Sections().Except(shared).SelectMany(section => Unread(configuration, section))];
        if (faults.Length > 0)
            throw new InvalidSettingException(string.Join(' ', faults));
    }

    /// <summary>What nobody reads in a section, each in one sentence.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="section">The section.</param>
    public IEnumerable<string> Unread(IConfiguration configuration, string section) => configuration.GetSection(section).AsEnumerable()
        .Where(entry => entry.Key.Contains(':', StringComparison.Ordinal) && !string.IsNullOrEmpty(entry.Value) && !declared.Any(setting => setting.Covers(entry.Key)))
        .Select(entry => $"There is no setting {entry.Key.Replace(":", "__", StringComparison.Ordinal)}; there are {string.Join(", ", Known(section))}.");

    private IEnumerable<string> Sections() => declared.Select(setting => setting.Key.Split(':')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct();

    private IEnumerable<string> Known(string section) => declared.Where(setting => setting.Key.StartsWith($"{section}:", StringComparison.Ordinal)).SelectMany(setting => setting.Names);
}
