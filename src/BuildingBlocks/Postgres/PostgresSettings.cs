using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules.Settings;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>The settings of the modules' databases.</summary>
public static class PostgresSettings
{
    private const string Section = "ConnectionStrings";
    private const string Form = "a connection string like Host=db;Port=5432;Database=monolith";

    internal static readonly Setting<string?> Shared = new(
        $"{Section}:Monolith",
        null,
        "none",
        Form,
        "Server and database. For `migrate` also the administrator's name and password. "
        + "Pools have 40 connections a role unless `Maximum Pool Size` says otherwise.",
        (string text, out string? read) => IsConnection(read = text),
        redact: _ => null);

    internal static readonly SettingFamily Own = new(
        Section, "Module", "that of `ConnectionStrings__Monolith`", Form, "A database of a module's own.", IsConnection);

    internal static readonly SettingFamily Passwords = new(
        "Database:Passwords", "role", "the connection string's", "a password", "Password of a role, such as `customers_app`.");

    internal static readonly Setting<TimeSpan> WaitAtStart = Setting.Span(
        "Database:WaitAtStart",
        TimeSpan.FromMinutes(1),
        "How long a host that starts waits for a PostgreSQL that cannot be reached, or is starting itself. "
        + "`0.00:00:00` waits for nothing.");

    /// <summary>The settings of databases.</summary>
    /// <param name="modules">The names of all modules.</param>
    public static IReadOnlyList<Setting> All(IReadOnlyList<string> modules) =>
        [Shared, Own.Among(modules), Passwords.Among(modules.SelectMany(Roles)), WaitAtStart];

    /// <summary>Whether any database is configured.</summary>
    /// <param name="configuration">The configuration.</param>
    public static bool AnyIn(IConfiguration configuration) => Own.All(configuration).Count > 0;

    private static string[] Roles(string module)
    {
        var (owner, app, reader) = ModuleDatabase.RolesOf(module);
        return [owner, app, reader];
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
