import { searchTasks } from './search-tasks.ts';
import { serveTasks } from './thread-tasks.ts';

serveTasks(searchTasks);
