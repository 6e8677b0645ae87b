using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// The database of one module: its schema, its roles and their connections. The running module uses the app role, which only has privileges
/// on the module's own schemas. Readers of its log use the reader role, which may only SELECT the log. Migrations use the owner.
/// </summary>
public sealed class ModuleDatabase : IAsyncDisposable
{
    private const int StatementsToPrepare = 100;
    private const int DefaultPoolSize = 40;

    /// <summary>
    /// A batch that does not fit is sent in parts. The locks of the first part would be held until the last part has arrived.
    /// </summary>
    private const int WriteBufferBytes = 64 * 1024;

    /// <summary>Longer than any lock is held, unless its process is suspended.</summary>
    private const int LockTimeoutMilliseconds = 3_000;

    private const int NpgsqlPoolSize = 100;

    private readonly IConfiguration configuration;
    private readonly Lazy<NpgsqlDataSource> app;
    private readonly Lazy<NpgsqlDataSource> reader;

    /// <summary>Creates the database of a module. No connection is opened.</summary>
    /// <param name="module">The name of the module (<c>Customers</c>). The schema is the name in lower case.</param>
    /// <param name="configuration">
    /// The configuration: <c>ConnectionStrings:Monolith</c>, or <c>ConnectionStrings:&lt;Module&gt;</c> for a separate database; and
    /// <c>Database:Passwords:&lt;role&gt;</c>, if a role does not have the password of the connection string.
    /// </param>
    public ModuleDatabase(string module, IConfiguration configuration)
    {
        this.configuration = configuration;
        Module = module;
        Schema = module.ToLowerInvariant();
        app = new(() => DataSource(AppRole));
        reader = new(() => DataSource(ReaderRole));
    }

    /// <summary>The module's name.</summary>
    public string Module { get; }

    /// <summary>The module's schema (<c>customers</c>).</summary>
    public string Schema { get; }

    /// <summary>The role that owns the schema and runs its migrations.</summary>
    public string OwnerRole => RolesOf(Module).Owner;

    /// <summary>The role of the running module.</summary>
    public string AppRole => RolesOf(Module).App;

    /// <summary>The role of readers, which may only SELECT the module's log.</summary>
    public string ReaderRole => RolesOf(Module).Reader;

    /// <summary>The data source of the app role.</summary>
    public NpgsqlDataSource App => app.Value;

    /// <summary>The data source of the reader role.</summary>
    public NpgsqlDataSource Reader => reader.Value;

    /// <summary>The configured connection string: server, database and, for migrations, the administrator.</summary>
    /// <exception cref="MissingConnectionStringException">No connection string is configured.</exception>
    public string AdministratorConnectionString =>
        PostgresSettings.Own.Of(configuration, Module)
        ?? PostgresSettings.Shared.Of(configuration)
        ?? throw new MissingConnectionStringException(Module);

    /// <summary>Returns the password of a role: a separate one, or that of the connection string.</summary>
    /// <param name="role">The role.</param>
    public string? PasswordOf(string role) =>
        PostgresSettings.Passwords.Of(configuration, role) ?? new NpgsqlConnectionStringBuilder(AdministratorConnectionString).Password;

    /// <summary>Returns the connection string of a role.</summary>
    /// <param name="role">The role.</param>
    public string ConnectionStringOf(string role)
    {
        var builder = new NpgsqlConnectionStringBuilder(AdministratorConnectionString)
        {
            Username = role,
            Password = PasswordOf(role),
            ApplicationName = $"monolith {Module}",
            MaxAutoPrepare = StatementsToPrepare,
            WriteBufferSize = WriteBufferBytes,
            // Avoids the reset statements that Npgsql sends for every connection from the pool. Settings, temporary tables and session
            // locks are never left on a pooled connection, and Npgsql rolls back an open transaction anyway.
            NoResetOnClose = true,
        };
        builder.Options = $"{builder.Options} -c lock_timeout={LockTimeoutMilliseconds}".TrimStart();
        // A configured pool size is kept. The default of Npgsql is too large for a small server.
        if (builder.MaxPoolSize == NpgsqlPoolSize)
            builder.MaxPoolSize = DefaultPoolSize;
        return builder.ConnectionString;
    }

    /// <summary>
    /// Creates a data source for one purpose. Npgsql's metrics name it <c>module/purpose</c>; without a name they would show the connection
    /// string.
    /// </summary>
    /// <param name="purpose">The purpose, a constant: each value is a label of the metrics.</param>
    /// <param name="connectionString">The connection string.</param>
    public NpgsqlDataSource CreateDataSource(string purpose, string connectionString) =>
        new NpgsqlDataSourceBuilder(connectionString) { Name = $"{Module}/{purpose}" }.Build();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (app.IsValueCreated)
            await app.Value.DisposeAsync();
        if (reader.IsValueCreated)
            await reader.Value.DisposeAsync();
    }

    internal static (string Owner, string App, string Reader) RolesOf(string module)
    {
        var schema = module.ToLowerInvariant();
        return ($"{schema}_owner", $"{schema}_app", $"{schema}_reader");
    }

    private NpgsqlDataSource DataSource(string role) => CreateDataSource(role, ConnectionStringOf(role));
}

/// <summary>No connection string is configured for a module.</summary>
/// <param name="module">The module.</param>
public sealed class MissingConnectionStringException(string module) : Exception(
    $"No database is configured: set ConnectionStrings__Monolith (or ConnectionStrings__{module} for a database of this module's own).");
