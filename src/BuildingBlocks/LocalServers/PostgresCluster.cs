using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The data folder and the parameters of a <see cref="PostgresCluster"/>.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>The folder of this cluster: data, password, port and log. Created if it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port; null: the last one of this folder if it is free, else any free one.</summary>
    public int? Port { get; init; }

    /// <summary>The database that is created by the start if it is missing.</summary>
    public string Database { get; init; } = "monolith";

    /// <summary>False turns fsync off: faster, but a crash of the machine loses data. For tests.</summary>
    public bool Durable { get; init; } = true;
}

/// <summary>A private PostgreSQL cluster on loopback. It ends with the process that started it.</summary>
public sealed class PostgresCluster : ILocalServer
{
    private const int PasswordBytes = 24;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly DataFolder folder;
    private readonly ClusterFolder files;
    private readonly PostgresPrograms programs;
    private readonly PostgresClusterOptions options;
    private readonly string password;
    private Supervisor? supervisor;

    private PostgresCluster(
        DataFolder folder, ClusterFolder files, PostgresPrograms programs, PostgresClusterOptions options, string password)
    {
        this.folder = folder;
        this.files = files;
        this.programs = programs;
        this.options = options;
        this.password = password;
    }

    /// <summary>The connection string of the superuser <c>postgres</c>.</summary>
    public string ConnectionString => Address(options.Database).ConnectionString;

    /// <summary>The loopback port.</summary>
    public int Port { get; private set; }

    /// <summary>The process id of the postmaster.</summary>
    public int ProcessId => Running.ServerId;

    /// <summary>The folder of the cluster's files. It is outside the data folder if the server's user cannot reach that.</summary>
    public string ClusterDirectory => files.Path;

    /// <summary>Whether <see cref="ClusterDirectory"/> is outside the data folder.</summary>
    public bool IsElsewhere => files.IsElsewhere;

    /// <inheritdoc />
    public string Name => "PostgreSQL";

    private Supervisor Running => supervisor ?? throw new InvalidOperationException("The cluster was not started.");

    /// <summary>Creates the cluster on the first start, starts it, creates the database, and returns when it answers.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="LocalServerException">It did not start.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = await DataFolder.OpenAsync(options.DataDirectory, cancellation);
        try
        {
            var files = await ClusterFolder.OpenAsync(folder, options.Durable, cancellation);
            var programs = await PostgresPrograms.FindAsync(files.VersionFile, cancellation);
            var password = Password(folder, files);
            if (!files.IsInitialized)
                await files.InitializeAsync(programs, password, options.Durable, cancellation);

            var cluster = new PostgresCluster(folder, files, programs, options, password);
            await cluster.LaunchAsync(options.Port, cancellation);
            return cluster;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Kills the postmaster (SIGKILL).</summary>
    public void Kill() => Running.Kill();

    /// <inheritdoc />
    public Task<string> StoppedAsync(CancellationToken cancellation) => Running.StoppedAsync(cancellation);

    /// <inheritdoc />
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await Running.DisposeAsync();
        await folder.WaitForPreviousServerAsync(cancellation);
        await LaunchAsync(Port, cancellation);
    }

    /// <summary>Disconnects all clients and stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (supervisor is null)
            return;
        await supervisor.DisposeAsync();
        supervisor = null;
        folder.Dispose();
    }

    private static string Password(DataFolder folder, ClusterFolder files)
    {
        var file = folder.File("password");
        if (File.Exists(file))
            return File.ReadAllText(file);
        if (files.IsInitialized)
        {
            throw new LocalServerException(
                $"{file} is missing, and the data cannot be opened without it: restore it, or remove {folder.Path} to start with an empty "
                + "database.");
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        PrivateFile.Write(file, password);
        return password;
    }

    private async Task LaunchAsync(int? fixedPort, CancellationToken cancellation)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            Port = fixedPort ?? FreePort.Choose(folder.PortFile);
            supervisor = await Supervisor.StartAsync(Program(), folder, cancellation);
            if (await AnswersAsync(supervisor, started, cancellation))
                break;

            var log = supervisor.Log();
            await supervisor.DisposeAsync();
            if (started.Elapsed > StartTimeout || !IsTransient(log, fixedPort))
                throw new LocalServerException(Explain(log, supervisor));
            await Task.Delay(PollInterval, cancellation);
        }
        FreePort.Note(folder.PortFile, Port);
    }

    // Another process took the port after it was chosen, or backends of a killed postmaster are still running.
    private static bool IsTransient(string log, int? fixedPort) =>
        IsPortTaken(log) ? fixedPort is null : log.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private static bool IsPortTaken(string log) => log.Contains("could not bind", StringComparison.Ordinal);

    private string Explain(string log, Supervisor exited)
    {
        if (IsPortTaken(log))
            return $"Port {Port} is taken: PostgreSQL cannot listen on it; choose another one.";
        return log.Contains("lock file \"postmaster.pid\" already exists", StringComparison.Ordinal)
            ? $"{files.Data} is in use by another PostgreSQL: stop that one, or choose another data folder."
            : $"PostgreSQL did not start: {exited.LastLogLines()}";
    }

    private ServerProgram Program()
    {
        List<string> settings =
        [
            "listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={Port}"), "unix_socket_directories=",
            "max_connections=300", "shared_buffers=256MB", "timezone=UTC", "log_timezone=UTC",
        ];
        // Without fsync frequent checkpoints are cheap, and a small WAL saves disk space.
        settings.AddRange(options.Durable
            ? ["max_wal_size=2GB"]
            : ["max_wal_size=256MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]);

        string[] command =
            [programs.Path("postgres"), "-D", files.Data, .. settings.SelectMany(setting => (string[])["-c", setting])];
        return new ServerProgram("PostgreSQL", command, files.Path, StopSignal: "INT") { User = files.User };
    }

    // Returns false if the server has exited.
    private async Task<bool> AnswersAsync(Supervisor server, Stopwatch started, CancellationToken cancellation)
    {
        try
        {
            while (!server.HasExited)
            {
                try
                {
                    await CreateDatabaseAsync(cancellation);
                    return true;
                }
                catch (NpgsqlException) when (started.Elapsed < StartTimeout)
                {
                    await Task.Delay(PollInterval, cancellation);
                }
            }
            return false;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            if (exception is NpgsqlException)
                throw new LocalServerException($"PostgreSQL does not answer: {exception.Message.ReplaceLineEndings(" ")}");
            throw;
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellation)
    {
        var address = Address("postgres").ConnectionString + ";Pooling=false;Timeout=5";
        await using var source = new NpgsqlDataSourceBuilder(address) { Name = "private server" }.Build();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new() { Value = options.Database } },
        };
        if (await exists.ExecuteScalarAsync(cancellation) is not null)
            return;

        var name = new NpgsqlCommandBuilder().QuoteIdentifier(options.Database);
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlConnectionStringBuilder Address(string database) =>
        new() { Host = "127.0.0.1", Port = Port, Database = database, Username = "postgres", Password = password };
}
