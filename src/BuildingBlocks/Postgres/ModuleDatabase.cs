using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// One module's place in PostgreSQL: its schema, its roles and how to log in as each. The running module logs in as its app role, whose rights end at the module's
/// own schemas; readers of its log log in as the reader role, which may only SELECT the log; migrations log in as the owner.
/// </summary>
public sealed class ModuleDatabase : IAsyncDisposable
{
    private const int StatementsToPrepare = 100;
    private const int DefaultPoolSize = 40;

    /// <summary>A batch that does not fit is sent in parts, and what the first part locks stays locked until the last has come.</summary>
    private const int WriteBufferBytes = 64 * 1024;

    /// <summary>Nothing of ours holds a lock this long, unless the process that holds it is frozen.</summary>
    private const int LockTimeoutMilliseconds = 3_000;

    private const int LibraryPoolSize = 100;

    private readonly IConfiguration configuration;
    private readonly Lazy<NpgsqlDataSource> app;
    private readonly Lazy<NpgsqlDataSource> reader;

    /// <summary>Describes a module's database; connects to nothing yet.</summary>
    /// <param name="module">The module's name (<c>Customers</c>); its schema is the name in lower case.</param>
    /// <param name="configuration">
    /// The host's configuration: <c>ConnectionStrings:Monolith</c>, or <c>ConnectionStrings:&lt;Module&gt;</c> for a database of the module's own; <c>Database:Passwords:&lt;role&gt;</c> where the roles
    /// do not share the password of the connection string.
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

    /// <summary>The role that the running module logs in as.</summary>
    public string AppRole => RolesOf(Module).App;

    /// <summary>The role that may only SELECT the module's log.</summary>
    public string ReaderRole => RolesOf(Module).Reader;

    /// <summary>Connections of the running module.</summary>
    public NpgsqlDataSource App => app.Value;

    /// <summary>Connections of readers of the module's log.</summary>
    public NpgsqlDataSource Reader => reader.Value;

    /// <summary>The connection string as it was configured: it names the server and the database, and for migrations the administrator.</summary>
    /// <exception cref="MissingConnectionStringException">There is none.</exception>
    public string AdministratorConnectionString =>
        PostgresSettings.Own.Of(configuration, Module)
        ?? PostgresSettings.Shared.Of(configuration)
        ?? throw new MissingConnectionStringException(Module);

    /// <summary>The password of a role: its own, or that of the connection string.</summary>
    /// <param name="role">The role.</param>
    public string? PasswordOf(string role) =>
        PostgresSettings.Passwords.Of(configuration, role) ?? new NpgsqlConnectionStringBuilder(AdministratorConnectionString).Password;

    /// <summary>The connection string of a role.</summary>
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
            // Npgsql would send six statements with the next command of every connection that comes from the pool. Nobody here leaves settings, temporary tables or session locks on a pooled
            // connection; an open transaction is rolled back all the same.
            NoResetOnClose = true,
        };
        builder.Options = $"{builder.Options} -c lock_timeout={LockTimeoutMilliseconds}".TrimStart();
        // What the operator wrote into the connection string stands; only the library's own default is too large for a small server.
        if (builder.MaxPoolSize == LibraryPoolSize)
            builder.MaxPoolSize = DefaultPoolSize;
        return builder.ConnectionString;
    }

    /// <summary>Creates a data source for one purpose. Npgsql's metrics name it <c>module/purpose</c>; without a name they would show the connection string.</summary>
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
